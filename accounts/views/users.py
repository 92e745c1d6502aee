"""The Users tab: who has an account, and by what right."""

import json

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.models import User
from config.paging import PageQuery, addressed, capped_count, page_of
from invitations.models import Invitation

_METADATA = ["public_metadata", "private_metadata", "unsafe_metadata"]


@require_safe
def users(request: HttpRequest) -> HttpResponse:
    asked = PageQuery(request.GET).read()
    rows = User.objects.filter(addressed(asked["q"])).defer(*_METADATA)
    context = {
        **asked,
        "page": page_of(rows, before=asked["before"], after=asked["after"]),
        "user_count": capped_count(User.objects.all()),
        "invitation_count": capped_count(Invitation.objects.all()),
    }
    return render(request, "accounts/users/list.html", context)


@require_safe
def user(request: HttpRequest, user_id: str) -> HttpResponse:
    found = get_object_or_404(User.objects.select_related("signup_invitation"), pk=user_id)
    metadata = json.dumps(found.public_metadata, indent=2, ensure_ascii=False)
    return render(request, "accounts/users/user.html", {"person": found, "metadata": metadata})

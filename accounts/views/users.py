"""The Users tab: who has an account, and by what right."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.forms.metadata import MetadataForm
from accounts.models import User
from accounts.views import user_changes
from config.dashboard import OperatorRequest
from config.paging import PageQuery, addressed, capped_count, page_of
from invitations import timeline
from invitations.models import Invitation

_METADATA = ["public_metadata", "private_metadata", "unsafe_metadata"]


@require_safe
def users(request: OperatorRequest) -> HttpResponse:
    asked = PageQuery(request.GET).read()
    rows = User.objects.timed().filter(addressed(asked["q"])).defer(*_METADATA)
    context = {
        **asked,
        "page": page_of(rows, before=asked["before"], after=asked["after"]),
        "user_count": capped_count(User.objects.all()),
        "invitation_count": capped_count(Invitation.objects.all()),
    }
    return render(request, "accounts/users/list.html", context)


@require_safe
def user(request: OperatorRequest, user_id: str) -> HttpResponse:
    found = get_object_or_404(User.objects.timed().select_related("signup_invitation"), pk=user_id)
    context = {
        "person": found,
        "changes": user_changes.offered(found, to=request.user),
        "metadata": MetadataForm(person=found),
        "steps": timeline.steps(found.pk),
    }
    return render(request, "accounts/users/user.html", context)

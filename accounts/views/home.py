from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from accounts.models import Application


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Everybody to where they belong."""
    if request.user.is_authenticated:
        return redirect("invitations" if request.user.is_staff else "account")
    return redirect("account_login" if Application.objects.is_set_up() else "set_up")

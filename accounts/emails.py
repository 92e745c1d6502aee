"""What the messages about accounts say. Sending them writes a row in the caller's transaction."""

from django.core.mail import EmailMultiAlternatives
from django.urls import reverse

from accounts.models import Application, FirstFactor
from accounts.models.mailed_code import CODE_LIFETIME
from config.mail import compose, link


def sign_up_code(email_address: str, *, code: str) -> EmailMultiAlternatives:
    minutes = int(CODE_LIFETIME.total_seconds() // 60)
    context = {"application": Application.objects.current(), "code": code, "minutes": minutes}
    return compose("sign_up_code", to=email_address, context=context)


def sign_in_code(email_address: str, *, code: str, purpose: str) -> EmailMultiAlternatives:
    """`purpose` is a FirstFactor: signing in, or choosing a new password."""
    minutes = int(CODE_LIFETIME.total_seconds() // 60)
    is_reset = purpose == FirstFactor.RESET
    context = {"application": Application.objects.current(), "code": code, "minutes": minutes}
    return compose("sign_in_code", to=email_address, context={**context, "is_reset": is_reset})


def account_exists(email_address: str) -> EmailMultiAlternatives:
    application = Application.objects.current()
    context = {
        "application": application,
        "sign_in": application.sign_in_page,
        "reset": link(reverse("account_reset_password")),
    }
    return compose("account_exists", to=email_address, context=context)


def address_changed(former: str, *, to: str) -> EmailMultiAlternatives:
    """To the former first address."""
    context = {"application": Application.objects.current(), "former": former, "new": to}
    return compose("address_changed", to=former, context=context)

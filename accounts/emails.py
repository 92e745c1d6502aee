"""What the messages about accounts say. Sending them writes a row in the caller's transaction."""

from datetime import datetime

from django.core.mail import EmailMultiAlternatives
from django.urls import reverse

from accounts.models import Application, Purpose
from accounts.models.mailed_code import CODE_LIFETIME
from config.mail import compose, link


def code(email_address: str, *, code: str, purpose: Purpose) -> EmailMultiAlternatives:
    """One message for all: it says what the code is for, lest somebody be talked into giving it away."""
    minutes = int(CODE_LIFETIME.total_seconds() // 60)
    application = Application.objects.current()
    context = {"application": application, "code": code, "minutes": minutes, "purpose": purpose}
    return compose("code", to=email_address, context=context)


def account_exists(email_address: str) -> EmailMultiAlternatives:
    application = Application.objects.current()
    context = {
        "application": application,
        "sign_in": application.sign_in_page,
        "reset": link(reverse("account_reset_password")),
    }
    return compose("account_exists", to=email_address, context=context)


def new_browser(
    email_address: str, *, browser: str, client: str, at: datetime
) -> EmailMultiAlternatives:
    """Somebody has signed in where nobody did before; `client` is the network address."""
    context = {
        "application": Application.objects.current(),
        "browser": browser,
        "client": client,
        "at": at,
        "sessions": link(reverse("sessions")),
        "reset": link(reverse("account_reset_password")),
    }
    return compose("new_browser", to=email_address, context=context)


def guessing(email_address: str, *, client: str, at: datetime) -> EmailMultiAlternatives:
    """Somebody types wrong passwords; `client` is the network of the last one."""
    context = {
        "application": Application.objects.current(),
        "client": client,
        "at": at,
        "sessions": link(reverse("sessions")),
        "reset": link(reverse("account_reset_password")),
    }
    return compose("guessing", to=email_address, context=context)


def address_changed(former: str, *, to: str) -> EmailMultiAlternatives:
    """To the former first address."""
    context = {"application": Application.objects.current(), "former": former, "new": to}
    return compose("address_changed", to=former, context=context)


def second_factor_reset(email_address: str) -> EmailMultiAlternatives:
    context = {
        "application": Application.objects.current(),
        "second_factor": link(reverse("mfa_index")),
    }
    return compose("second_factor_reset", to=email_address, context=context)

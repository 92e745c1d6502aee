"""Computes the URL that a link redirects to (docs/design.md#where-a-link-leads).

Used to redirect visitors, and by the pages and the API that show the URL.
"""

from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Application
from config.audit import Actor
from config.frontend_door import own_origin
from config.rights import Right
from invitations.models import Invitation, Status
from invitations.targets import (
    InvalidTarget,
    clean_target,
    is_allowed,
    is_loopback,
    origin_of,
    with_ticket,
)

_OPERATORS_ONLY = _(
    "Operators can lead people to the sign-up, sign-in and home pages and to listed redirect origins only:"
    " whoever gets the link proves the address. An admin can list this origin in Settings."
)


class Situation(StrEnum):
    """What a visitor with a ticket can do. The first two are values of Clerk's `__clerk_status`."""

    SIGN_UP = "sign_up"
    SIGN_IN = "sign_in"
    EXPIRED = "expired"
    REVOKED = "revoked"
    ACCEPTED = "accepted"


def situation(invitation: Invitation) -> Situation:
    if invitation.status != Status.PENDING:
        return Situation(invitation.status)
    if not get_user_model().objects.holding(invitation.email_key).exists():
        return Situation.SIGN_UP
    # The account may come from this same invitation, accepted after we read it. So read the status again.
    status = Invitation.objects.get(pk=invitation.pk).status
    return Situation.SIGN_IN if status == Status.PENDING else Situation(status)


def leads_to(invitation: Invitation, *, application: Application) -> str:
    """Return the URL that its links lead to now, without the ticket.

    Makes no query: uses the values that `with_delivery()` read.
    """
    now = situation_read(invitation)
    if now in {Situation.SIGN_UP, Situation.SIGN_IN}:
        return page(invitation, application=application, now=now)
    return closed_page(now, application=application)


class Welcome(StrEnum):
    """The result for a redirect URL while the operator types it, by the current lists of origins."""

    NOTHING = ""  # not yet a complete URL
    HOSTED = "hosted"
    HOME = "home"
    LOOPBACK = "loopback"
    LISTED = "listed"
    ANYWHERE = "anywhere"
    UNLISTED = "unlisted"


def welcome(target: str, *, by: Actor, application: Application) -> Welcome:
    origin = origin_of(target)
    if origin is None:
        return Welcome.NOTHING
    if origin in map(origin_of, application.hosted_origins):
        return Welcome.HOSTED
    if origin == origin_of(application.home_url):
        return Welcome.HOME
    if origin in application.redirect_origins:
        return Welcome.LISTED
    if application.environment_type == "development" and is_loopback(origin):
        return Welcome.LOOPBACK
    return Welcome.ANYWHERE if may_lead_anywhere(by, application=application) else Welcome.UNLISTED


def may_lead_anywhere(by: Actor, *, application: Application) -> bool:
    """Tell whether `by` may use any origin: the list is empty, and `by` has the right to change it."""
    return not application.redirect_origins and by.may(Right.CONFIGURE)


def clean_redirect_url(text: object, *, by: Actor, application: Application) -> str:
    """Return, in normal form, a redirect URL that `by` may use; raises InvalidTarget.

    The site at this URL receives the ticket, and with it the proof of the address. So an operator can use only the
    hosted pages, the home page and the origins that an admin has listed (in development also loopback).
    """
    if by.may(Right.CONFIGURE):
        return clean_target(text, **lists(application))
    target = clean_target(text, origins=[], hosted=[])
    if welcome(target, by=by, application=application) == Welcome.UNLISTED:
        raise InvalidTarget(_OPERATORS_ONLY, code="form_param_value_invalid")
    return target


def lists(application: Application) -> dict[str, Any]:
    """Return the allowed origins, as keyword arguments for `clean_target`."""
    return {
        "origins": application.redirect_origins,
        "hosted": application.own_origins,
        "loopback": application.environment_type == "development",
    }


def may_call(target: str, *, application: Application) -> bool:
    """Tell whether the page at `target` may use the Frontend API.

    Sign-up and sign-in pages that the application hosts itself are not on our origin: their origin must be allowed.
    """
    return origin_of(target) in {own_origin(), *application.allowed_origins}


def situation_read(invitation: Invitation) -> Situation:
    """Return the situation when the invitation was last read by `with_delivery()` or by a method that changed it."""
    if invitation.status != Status.PENDING:
        return Situation(invitation.status)
    return Situation.SIGN_IN if invitation.account_id else Situation.SIGN_UP


def destination(invitation: Invitation, *, raw_ticket: str, application: Application) -> str:
    """Return the URL that a link redirects to: with the ticket while it is usable, else with a notice."""
    now = situation(invitation)
    if now in {Situation.SIGN_UP, Situation.SIGN_IN}:
        return with_ticket(
            page(invitation, application=application, now=now), ticket=raw_ticket, status=now
        )
    return closed_page(now, application=application)


def closed_page(now: Situation, *, application: Application) -> str:
    """Return the sign-up or sign-in page, without the ticket, with a notice of the invitation's status."""
    page = application.sign_in_page if now == Situation.ACCEPTED else application.sign_up_page
    return f"{page}{'&' if '?' in page else '?'}{urlencode({'notice': f'invitation_{now}'})}"


def hosted_notice(now: Situation) -> str:
    """Like `closed_page`, but always on our own pages: after a POST we must not redirect to another origin."""
    page = "account_login" if now == Situation.ACCEPTED else "account_signup"
    return reverse(page, query={"notice": f"invitation_{now}"})


def sign_in_to_accept() -> str:
    """Return the URL of sign-in; it continues to the page that asks whether to accept."""
    return reverse("account_login", query={"next": reverse("confirm_invitation")})


def page(invitation: Invitation, *, application: Application, now: Situation) -> str:
    """Return the invitation's redirect URL if it is still allowed, else the sign-up or sign-in page."""
    target = invitation.redirect_url
    if target and is_allowed(target, **lists(application)):
        return target
    return application.sign_in_page if now == Situation.SIGN_IN else application.sign_up_page

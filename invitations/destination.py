"""Where a link leads (docs/design.md#where-a-link-leads), for visitors and for the pages that show it."""

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
    """What a visitor with a ticket can do; the first two are Clerk's `__clerk_status`."""

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
    # The account may be the one that this very invitation made since it was read.
    status = Invitation.objects.get(pk=invitation.pk).status
    return Situation.SIGN_IN if status == Status.PENDING else Situation(status)


def leads_to(invitation: Invitation, *, application: Application) -> str:
    """Where its links lead now, but for the ticket, without a query: it is as `with_delivery()` left it."""
    now = situation_read(invitation)
    if now in {Situation.SIGN_UP, Situation.SIGN_IN}:
        return page(invitation, application=application, now=now)
    return closed_page(now, application=application)


class Welcome(StrEnum):
    """What becomes of a redirect URL that is being typed, by the origins as they are now."""

    NOTHING = ""  # no whole URL yet
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
    """An empty list lets everything pass, but only for those who could change it."""
    return not application.redirect_origins and by.may(Right.CONFIGURE)


def clean_redirect_url(text: object, *, by: Actor, application: Application) -> str:
    """A target that `by` may send a ticket to, in its normal form; raises InvalidTarget.

    A ticket proves its address to whoever gets it. So operators lead people where an admin has said, and nowhere else.
    """
    if by.may(Right.CONFIGURE):
        return clean_target(text, **lists(application))
    target = clean_target(text, origins=[], hosted=[])
    if welcome(target, by=by, application=application) == Welcome.UNLISTED:
        raise InvalidTarget(_OPERATORS_ONLY, code="form_param_value_invalid")
    return target


def lists(application: Application) -> dict[str, Any]:
    """Where invitations may lead, in the terms of `clean_target`."""
    return {
        "origins": application.redirect_origins,
        "hosted": application.own_origins,
        "loopback": application.environment_type == "development",
    }


def may_call(target: str, *, application: Application) -> bool:
    """Whether the page at `target` may use the Frontend API. A sign-up or sign-in page of the application's own is
    no page of ours.
    """
    return origin_of(target) in {own_origin(), *application.allowed_origins}


def situation_read(invitation: Invitation) -> Situation:
    """The situation at the time when `with_delivery()` read it, or a verb."""
    if invitation.status != Status.PENDING:
        return Situation(invitation.status)
    return Situation.SIGN_IN if invitation.account_id else Situation.SIGN_UP


def destination(invitation: Invitation, *, raw_ticket: str, application: Application) -> str:
    """The URL a link answers with: with its ticket while it is of use, with a notice when it is not."""
    now = situation(invitation)
    if now in {Situation.SIGN_UP, Situation.SIGN_IN}:
        return with_ticket(
            page(invitation, application=application, now=now), ticket=raw_ticket, status=now
        )
    return closed_page(now, application=application)


def closed_page(now: Situation, *, application: Application) -> str:
    """Sign-up or sign-in, with a notice of what became of the invitation and no ticket."""
    page = application.sign_in_page if now == Situation.ACCEPTED else application.sign_up_page
    return f"{page}{'&' if '?' in page else '?'}{urlencode({'notice': f'invitation_{now}'})}"


def hosted_notice(now: Situation) -> str:
    """The same on our own pages: after a POST nothing may lead to another origin."""
    page = "account_login" if now == Situation.ACCEPTED else "account_signup"
    return reverse(page, query={"notice": f"invitation_{now}"})


def sign_in_to_accept() -> str:
    """Sign-in, and then the page that asks whether to accept."""
    return reverse("account_login", query={"next": reverse("confirm_invitation")})


def page(invitation: Invitation, *, application: Application, now: Situation) -> str:
    """The invitation's own target while it is allowed (checked again at use), else the hosted page."""
    target = invitation.redirect_url
    if target and is_allowed(target, **lists(application)):
        return target
    return application.sign_in_page if now == Situation.SIGN_IN else application.sign_up_page

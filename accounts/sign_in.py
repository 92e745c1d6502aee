"""Signing in through the Frontend API, step by step (contract 7). The hosted page has allauth's own flow; the
limits, the second factors and the sessions are the same ones.
"""

from collections.abc import Callable

from allauth.account.adapter import get_adapter
from allauth.core import ratelimit
from allauth.mfa.base.internal.flows import check_rate_limit
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest

from accounts import emails, sessions
from accounts.addresses import NormalisedAddress
from accounts.models import CodeRefused, FirstFactor, SignIn, User
from accounts.sessions import BrowserSession
from accounts.sign_up import accept_as
from config import limits
from config.database import DatabaseNow
from config.limits import LimitExceeded
from invitations.models import Invitation, InvitationClosed, Ticket

_PATIENCE = 300  # seconds; allauth does not tell how long its counts of failures last
_FACTORS = {
    "totp": Authenticator.Type.TOTP,
    "backup_code": Authenticator.Type.RECOVERY_CODES,
}


class NotProved(Exception):
    """The password or the second factor ("password" or "code") is wrong; or nobody has the address, which is
    answered as a wrong password is.
    """

    def __init__(self, *, factor: str) -> None:
        super().__init__(factor)
        self.factor = factor


class AccountShut(Exception):
    """Whoever has proved themselves is told why it opens nothing: "banned" or "locked"."""

    def __init__(self, *, reason: str, seconds: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.seconds = seconds


class NoAccount(Exception):
    """The ticket's address has no account yet. Said to who holds the ticket, never to a stranger."""


def begin(*, address: NormalisedAddress | None = None, ticket: Ticket | None = None) -> SignIn:
    """Start a sign-in, alike for known and unknown addresses; what a ticket is for is accepted in the end.

    Raises InvitationClosed or NoAccount.
    """
    invitation = ticket.invitation if ticket else None
    if invitation and invitation.status != "pending":
        raise InvitationClosed(reason=invitation.status)
    address = invitation.address if invitation else address
    assert address, "an address or a ticket"
    user = User.objects.holding(address.email_key).first()
    if invitation and not user:
        raise NoAccount
    return SignIn.objects.create(user=user, ticket=ticket, **address._asdict())


def try_password(sign_in: SignIn, *, password: str, request: HttpRequest) -> None:
    """Raises NotProved, AccountShut, LimitExceeded, or CodeRefused("done") of an attempt that is over."""
    if not ratelimit.consume(request, action="login"):
        raise LimitExceeded(name="sign_in", retry_after=60)
    try:
        user = get_adapter().authenticate(request, email=sign_in.email_address, password=password)
    except ValidationError as too_many:
        raise LimitExceeded(name="sign_in", retry_after=_PATIENCE) from too_many
    if user is None or user.pk != sign_in.user_id:
        raise NotProved(factor="password")
    _judge_standing(user)
    sign_in.change(proved_by=FirstFactor.PASSWORD, proved_at=DatabaseNow())


def send_code(sign_in: SignIn, *, purpose: FirstFactor) -> None:
    """Mail six digits to the address if it has an account; what is asked for differs in nothing else.

    Raises CodeRefused("too_soon") within 30 seconds, LimitExceeded beyond 5 an hour.
    """
    sign_in.check_pause()
    limits.take("sign_in_code", subject=sign_in.email_key)
    with transaction.atomic():
        code = sign_in.new_code()
        sign_in.change(code_for=purpose)
        message = emails.sign_in_code(sign_in.email_address, code=code, purpose=purpose)
        if sign_in.user:
            message.send()


def try_code(sign_in: SignIn, *, code: str, purpose: FirstFactor) -> None:
    """Raises CodeRefused or AccountShut."""
    sign_in.check_code(code)
    if sign_in.user is None or sign_in.code_for != purpose:
        raise CodeRefused(reason="wrong")
    _judge_standing(sign_in.user)
    sign_in.spend(code=code, proved_by=purpose, proved_at=DatabaseNow())
    sign_in.refresh_from_db()


def set_password(sign_in: SignIn, *, password_hash: str) -> None:
    """The new password of who has proved by code that the mailbox is theirs; it ends all sessions (R-O1)."""
    if sign_in.status != "needs_new_password" or sign_in.user is None:
        raise CodeRefused(reason="done")
    with transaction.atomic():
        sign_in.change(password_reset_at=DatabaseNow())
        sign_in.user.change_password(password_hash=password_hash)
        sign_in.user.end_sessions()
        get_adapter().send_notification_mail("account/email/password_reset", sign_in.user)


def second_factors(user: User) -> list[str]:
    """Which second factors somebody may give here, in Clerk's words; one who has a passkey alone has none here."""
    kinds = set(Authenticator.objects.filter(user=user).values_list("type", flat=True))
    return [name for name, kind in _FACTORS.items() if kind in kinds]


def is_protected(user: User) -> bool:
    kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    return Authenticator.objects.filter(user=user, type__in=kinds).exists()


def try_second_factor(sign_in: SignIn, *, strategy: str, code: str) -> None:
    """Raises NotProved or LimitExceeded; allauth counts the failures, here and on its own page."""
    user = sign_in.user
    assert user
    clear = _count_second_factor(user)
    row = Authenticator.objects.filter(user=user, type=_FACTORS[strategy]).first()
    if row is None or not row.wrap().validate_code(code):
        raise NotProved(factor="code")
    row.record_usage()
    clear()


def enter(request: HttpRequest, sign_in: SignIn) -> BrowserSession:
    """Everything is proved: accept what the ticket is for, and open the session.

    Raises InvitationClosed or Invitation.DoesNotExist, and then nobody is signed in; AccountShut.
    """
    user = sign_in.user
    assert user
    _judge_standing(user)
    with transaction.atomic():
        if sign_in.ticket:
            accept_as(user, invitation=Invitation.objects.get(pk=sign_in.ticket.invitation_id))
        sign_in.complete()
    return sessions.open_session(request, user=user)


def _judge_standing(user: User) -> None:
    person = User.objects.timed().filter(pk=user.pk).first()
    if person is None or not person.is_active:
        raise AccountShut(reason="banned")
    if person.is_locked:
        raise AccountShut(reason="locked", seconds=person.lockout_seconds)


def _count_second_factor(user: User) -> Callable[[], None]:
    try:
        return check_rate_limit(user)
    except ValidationError as too_many:
        raise LimitExceeded(name="sign_in", retry_after=_PATIENCE) from too_many

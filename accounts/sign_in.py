"""Signing in through the Frontend API, step by step (contract 7). The hosted page has allauth's own flow; the
limits, the second factors and the sessions are the same ones.
"""

from collections.abc import Callable

from allauth.account.adapter import get_adapter
from allauth.core import ratelimit
from allauth.mfa import app_settings as mfa
from allauth.mfa.base.internal.flows import check_rate_limit
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest

from accounts import emails, sessions
from accounts.addresses import NormalisedAddress
from accounts.models import CodeRefused, FirstFactor, SignIn, StalePassword, User
from accounts.models.mailed_code import ATTEMPTS_KEPT, as_digits
from accounts.sessions import BrowserSession
from accounts.sign_up import WrongAccount, accept_as
from config import limits
from config.crypto import digest
from config.database import DatabaseNow
from config.limits import LimitExceeded
from invitations.models import Invitation, Ticket

_PROVED = "sign_in_passwords"  # session key: what the password was when it was proved, by sign-in
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
    """Whoever has proved themselves is told why it opens nothing: "banned", "locked", or "passkey" where only
    the hosted page can ask for what is missing.
    """

    def __init__(self, *, reason: str, seconds: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.seconds = seconds


class NoAccount(Exception):
    """The ticket's address has no account yet. Said to who holds the ticket, never to a stranger."""


def begin(*, address: NormalisedAddress, ticket: Ticket | None = None) -> SignIn:
    """Start a sign-in, alike for known and unknown addresses; what a ticket is for is accepted in the end.

    Raises InvitationClosed or NoAccount.
    """
    invitation = ticket.invitation if ticket else None
    if invitation:
        invitation.check_pending()
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
    _judge(sign_in)
    proved = request.session.get(_PROVED, {}) | {sign_in.pk: user.get_session_auth_hash()}
    request.session[_PROVED] = dict(list(proved.items())[-ATTEMPTS_KEPT:])
    sign_in.change(proved_by=FirstFactor.PASSWORD, proved_at=DatabaseNow())


def send_code(sign_in: SignIn, *, purpose: FirstFactor) -> None:
    """Mail six digits to the address if it is still this person's. Where it is nobody's the same work is done,
    down to the row in the outbox, which is taken back (R-K1).

    Raises CodeRefused("too_soon") within 30 seconds, LimitExceeded beyond 5 an hour.
    """
    sign_in.check_pause()
    limits.take("sign_in_code", subject=sign_in.email_key)
    with transaction.atomic():
        code = sign_in.new_code(code_for=purpose)
        is_theirs = _holder(sign_in) is not None
        with transaction.atomic():
            emails.sign_in_code(sign_in.email_address, code=code, purpose=purpose).send()
            transaction.set_rollback(not is_theirs)


def try_code(sign_in: SignIn, *, code: str, purpose: FirstFactor) -> None:
    """Raises CodeRefused or AccountShut."""
    sign_in.check_code(code)
    if sign_in.user_id is None or sign_in.code_for != purpose:
        raise CodeRefused(reason="wrong")
    _judge(sign_in)
    sign_in.spend(code=code, proved_by=purpose, proved_at=DatabaseNow())


def set_password(sign_in: SignIn, *, password_hash: str) -> None:
    """The new password of who has proved by code that the mailbox is theirs; it ends all sessions (R-O1).

    Raises AccountShut, or CodeRefused("done") the second time.
    """
    user = _judge(sign_in)
    with transaction.atomic():
        try:
            user.change_password(password_hash=password_hash)
        except StalePassword as changed:
            raise CodeRefused(reason="done") from changed
        sign_in.note_reset()
        user.end_sessions()
        get_adapter().send_notification_mail("account/email/password_reset", user)


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
    spend_second_factor(user, code=code)
    row.record_usage()
    clear()


def spend_second_factor(user: User, *, code: str) -> None:
    """A code is good once (RFC 6238, 5.2). allauth remembers it for half a minute; we take an app's for three of
    them. Raises NotProved.
    """
    seconds = mfa.TOTP_PERIOD * (2 * mfa.TOTP_TOLERANCE + 1)
    name = f"second_factor:{digest(f'{user.pk}:{as_digits(code)}')}"
    if not cache.add(name, "used", timeout=seconds):
        raise NotProved(factor="code")


def enter(request: HttpRequest, sign_in: SignIn, *, second_factor: str = "") -> BrowserSession:
    """Everything is proved, by a second factor as well where one is named: accept what the ticket is for, and open
    the session.

    Raises InvitationClosed or Invitation.DoesNotExist, and then nobody is signed in; AccountShut, CodeRefused.
    """
    user = _judge(sign_in)
    if sign_in.proved_by == FirstFactor.PASSWORD:
        _check_proved(request, sign_in, user=user)
    with transaction.atomic():
        if sign_in.ticket:
            _accept(sign_in.ticket, user=user)
        sign_in.complete()
    request.session.pop(_PROVED, None)
    method = "code" if sign_in.proved_by == FirstFactor.EMAIL_CODE else "password"
    user.note_sign_in()
    kind = _FACTORS.get(second_factor, "")
    return sessions.open_session(request, user=user, method=method, second_factor=kind)


def _accept(ticket: Ticket, *, user: User) -> None:
    try:
        accept_as(user, invitation=Invitation.objects.get(pk=ticket.invitation_id))
    except WrongAccount as moved:  # to another address, a moment ago
        raise CodeRefused(reason="done") from moved


def _judge(sign_in: SignIn) -> User:
    """Who it is that has proved themselves. Raises AccountShut, or CodeRefused("done") where the address is
    somebody else's by now.
    """
    person = _holder(sign_in)
    if person is None:
        raise CodeRefused(reason="done")
    if not person.is_active:
        raise AccountShut(reason="banned")
    if person.is_locked:
        raise AccountShut(reason="locked", seconds=person.lockout_seconds)
    if is_protected(person) and not second_factors(person):
        raise AccountShut(reason="passkey")
    return person


def _holder(sign_in: SignIn) -> User | None:
    """Whose the address was when the sign-in began, if it is theirs still."""
    holder = User.objects.timed().holding(sign_in.email_key).first()
    return holder if holder and holder.pk == sign_in.user_id else None


def _check_proved(request: HttpRequest, sign_in: SignIn, *, user: User) -> None:
    """Hashing and second factors take a while, in which the password may be changed: clocks do not tell, since a
    change is seen only once it is committed. Raises CodeRefused("done").
    """
    proved = request.session.get(_PROVED, {}).get(sign_in.pk)
    if proved != user.get_session_auth_hash():
        raise CodeRefused(reason="done")


def _count_second_factor(user: User) -> Callable[[], None]:
    try:
        return check_rate_limit(user)
    except ValidationError as too_many:
        raise LimitExceeded(name="sign_in", retry_after=_PATIENCE) from too_many

"""Signing in step by step: all of the Frontend API, and on the hosted pages what begins with a mailed
code. Passwords and passkeys have allauth's flow there; limits, second factors and the judge are the same.
"""

from collections.abc import Callable, Collection
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.mfa import app_settings as mfa

# Counts failures together with allauth's own page; there is no public name for it.
from allauth.mfa.base.internal.flows import check_rate_limit
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest

from accounts import devices, emails, judge, sessions
from accounts.addresses import NormalisedAddress
from accounts.codes import take_asking
from accounts.judge import PasswordChanged
from accounts.models import (
    CodeRefused,
    FirstFactor,
    Purpose,
    SignIn,
    SpentCode,
    StalePassword,
    User,
)
from accounts.models.mailed_code import as_digits
from accounts.sessions import BrowserSession
from accounts.sign_up import WrongAccount, accept_as
from config import audit, limits
from config.clients import client_network
from config.database import DatabaseNow
from config.limits import LimitExceeded
from invitations.models import Invitation, Ticket

_PATIENCE = 300  # seconds; allauth does not tell how long its counts of failures last
_FACTORS = {
    "totp": Authenticator.Type.TOTP,
    "backup_code": Authenticator.Type.RECOVERY_CODES,
}
_PURPOSES = {FirstFactor.EMAIL_CODE: Purpose.SIGN_IN, FirstFactor.RESET: Purpose.RESET}
ASKED = frozenset(_FACTORS.values())  # by the Frontend API, which asks for no passkey


class NotProved(Exception):
    """The password or the second factor ("password" or "code") is wrong; or nobody has the address, which is
    answered as a wrong password is.
    """

    def __init__(self, *, factor: str) -> None:
        super().__init__(factor)
        self.factor = factor


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
    try:
        with transaction.atomic():
            return SignIn.objects.create(user=user, ticket=ticket, **address._asdict())
    except IntegrityError:  # erased meanwhile: it is nobody's
        if ticket:
            raise
        return SignIn.objects.create(**address._asdict())


def try_password(sign_in: SignIn, *, password: str, request: HttpRequest) -> None:
    """Raises NotProved, AccountShut, LimitExceeded, or CodeRefused("done") of an attempt that is over."""
    limits.take("sign_in", subject=client_network(request))
    user = get_adapter().authenticate(request, email=sign_in.email_address, password=password)
    if user is None or user.pk != sign_in.user_id:
        raise NotProved(factor="password")
    _judge(sign_in, asks=ASKED)
    # Of the row that was checked: hashing takes a while, in which the password may be changed.
    sign_in.change(**_proof(user, by=FirstFactor.PASSWORD))


def send_code(sign_in: SignIn, *, purpose: FirstFactor, request: HttpRequest) -> None:
    """Mail six digits to the address if it is still this person's. Where it is nobody's the same work is done,
    down to the row in the outbox, which is taken back.

    Raises CodeRefused("too_soon") within 30 seconds, LimitExceeded where it was asked for too often.
    """
    sign_in.check_pause()  # impatience must not use up the hour's codes
    take_asking(request, email_key=sign_in.email_key)
    kind = "reset_asked" if purpose == FirstFactor.RESET else "code_asked"
    audit.trace(kind, subject=sign_in.user_id or "", address=sign_in.email_key)
    with transaction.atomic():
        code = sign_in.new_code(code_for=purpose)
        is_theirs = _holder(sign_in) is not None
        with transaction.atomic():
            emails.code(sign_in.email_address, code=code, purpose=_PURPOSES[purpose]).send()
            transaction.set_rollback(not is_theirs)


def try_code(
    sign_in: SignIn, *, code: str, purpose: FirstFactor, asks: Collection[str] = ASKED
) -> None:
    """`asks` are the kinds of second factor that the door can ask for. Raises CodeRefused or AccountShut."""
    sign_in.check_code(code)
    if sign_in.user_id is None or sign_in.code_for != purpose:
        audit.trace("wrong_code", subject=sign_in.user_id or "", address=sign_in.email_key)
        raise CodeRefused(reason="wrong")
    sign_in.spend(code=code, **_proof(_judge(sign_in, asks=asks), by=purpose))


def set_password(sign_in: SignIn, *, password_hash: str, asks: Collection[str] = ASKED) -> None:
    """The new password of who has proved by code that the mailbox is theirs; it ends all sessions.

    Raises AccountShut, or CodeRefused("done") the second time, and where the password has changed since the proof.
    """
    user = proved_person(sign_in)
    judge.check_first_factor(user, asks=asks)
    with transaction.atomic():
        try:
            user.change_password(password_hash=password_hash)
        except StalePassword as changed:
            raise CodeRefused(reason="done") from changed
        sign_in.note_reset(proved_hash=user.get_session_auth_hash())
        user.end_sessions()
        get_adapter().send_notification_mail("account/email/password_reset", user)


def second_factors(user: User) -> list[str]:
    """Which second factors somebody is asked for here, in Clerk's words; none where none is owed."""
    owed = judge.second_factors(user)
    return [name for name, kind in _FACTORS.items() if kind in owed]


def try_second_factor(sign_in: SignIn, *, strategy: str, code: str) -> None:
    """Raises NotProved or LimitExceeded; allauth counts the failures, here and on its own page."""
    user = sign_in.user
    assert user
    clear = _count_second_factor(user)
    row = Authenticator.objects.filter(user=user, type=_FACTORS[strategy]).first()
    if row is None or not row.wrap().validate_code(code):
        audit.trace("wrong_second_factor", subject=user.pk)
        raise NotProved(factor="code")
    spend_second_factor(user, code=code)
    if row.type == Authenticator.Type.RECOVERY_CODES:
        audit.trace("recovery_code_used", subject=user.pk)
    row.record_usage()
    clear()


def spend_second_factor(user: User, *, code: str) -> None:
    """A code is good once (RFC 6238, 5.2). allauth remembers it for half a minute; we take an app's for three of
    them. Raises NotProved.
    """
    seconds = mfa.TOTP_PERIOD * (2 * mfa.TOTP_TOLERANCE + 1)
    if not SpentCode.objects.spend(as_digits(code), user_id=user.pk, seconds=seconds):
        audit.trace("wrong_second_factor", subject=user.pk)
        raise NotProved(factor="code")


def enter(request: HttpRequest, sign_in: SignIn, *, second_factor: str = "") -> BrowserSession:
    """Everything is proved, by a second factor as well where one is named: accept what the ticket is for, and open
    the session.

    Raises InvitationClosed or Invitation.DoesNotExist, and then nobody is signed in; AccountShut, SecondFactorOwed,
    CodeRefused.
    """
    user = proved_person(sign_in)
    judge.check_entry(user, proved_hash=sign_in.proved_hash, has_second_factor=bool(second_factor))
    with transaction.atomic():
        if sign_in.ticket:
            _accept(sign_in.ticket, user=user)
        sign_in.complete()
    user.note_sign_in()
    devices.recognise(request, user=user)
    method = "code" if sign_in.proved_by == FirstFactor.EMAIL_CODE else "password"
    kind = _FACTORS.get(second_factor, "")
    session = sessions.open_for_application(request, user=user, method=method, second_factor=kind)
    if not second_factor and user.has_second_factor:
        # It was added, and all others were signed out, while this one came in.
        sessions.close_session(request)
        raise CodeRefused(reason="done")
    return session


def _accept(ticket: Ticket, *, user: User) -> None:
    try:
        accept_as(user, invitation=Invitation.objects.get(pk=ticket.invitation_id))
    except WrongAccount as moved:  # to another address, a moment ago
        raise CodeRefused(reason="done") from moved


def proved_person(sign_in: SignIn) -> User:
    """Who has proved themselves; the password, too, is the one that it was then. Raises CodeRefused("done")."""
    person = _person(sign_in)
    try:
        judge.check_password(person, proved_hash=sign_in.proved_hash)
    except PasswordChanged as changed:
        raise CodeRefused(reason="done") from changed
    return person


def _judge(sign_in: SignIn, *, asks: Collection[str]) -> User:
    """Who it is that has proved themselves. Raises AccountShut or CodeRefused("done")."""
    person = _person(sign_in)
    judge.check_first_factor(person, asks=asks)
    return person


def _proof(person: User, *, by: FirstFactor) -> dict[str, Any]:
    proved_hash = person.get_session_auth_hash()
    return {"proved_by": by, "proved_at": DatabaseNow(), "proved_hash": proved_hash}


def _person(sign_in: SignIn) -> User:
    person = _holder(sign_in)
    if person is None:
        raise CodeRefused(reason="done")
    return person


def _holder(sign_in: SignIn) -> User | None:
    """Whose the address was when the sign-in began, if it is theirs still."""
    holder = User.objects.timed().holding(sign_in.email_key).first()
    return holder if holder and holder.pk == sign_in.user_id else None


def _count_second_factor(user: User) -> Callable[[], None]:
    try:
        return check_rate_limit(user)
    except ValidationError as too_many:
        raise LimitExceeded(name="sign_in", retry_after=_PATIENCE) from too_many

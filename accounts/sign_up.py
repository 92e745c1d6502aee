"""How somebody becomes a user: the one flow that crosses nouns, and the only place that signs people up.

The hosted pages and the Frontend API ask the same verbs. Passwords are hashed before a transaction begins,
mail leaves after it ended: SQLite has one writer.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.http import HttpRequest

from accounts import emails
from accounts.addresses import NormalisedAddress
from accounts.admission import admit
from accounts.codes import take_asking
from accounts.metadata import merge_metadata
from accounts.models import CodeRefused, Proof, Purpose, SignUp, User
from config import limits
from config.database import DatabaseNow
from config.limits import LimitExceeded
from invitations.models import AddressGuard, Invitation, Ticket


class AccountExists(Exception):
    """The address belongs to somebody already. Said to who holds its ticket, never to a stranger."""


class WrongAccount(Exception):
    """An invitation is for whoever has its address, as first or further."""


def sign_up_with_ticket(ticket: Ticket, *, password: str, **said: Any) -> User:
    """Make the invited user: a ticket that was mailed or minted for a key proves the address.

    `said` is what `say` takes. Raises InvitationClosed or AccountExists; then nothing at all has changed.
    """
    if not ticket.proves_address:
        raise ValueError("a shared link proves nothing; begin() and send_code()")
    _judge(ticket)  # who is refused is worth no hash
    password_hash = make_password(password)
    with transaction.atomic():
        return _create(
            ticket.invitation.email_key,
            invitation=ticket.invitation,
            proof=Proof.TICKET,
            password_hash=password_hash,
            **said,
        )


def begin(
    *, address: NormalisedAddress | None = None, ticket: Ticket | None = None, **said: Any
) -> SignUp:
    """Start a sign-up that its browser finishes in steps; with a ticket the address is its invitation's.

    `said` is what `say` takes. An address is answered alike whether it is known or not. Raises
    AdmissionRefused; of a ticket InvitationClosed or AccountExists, or Invitation.DoesNotExist where it was
    erased meanwhile.
    """
    invitation = _judge(ticket) if ticket else None
    address = invitation.address if invitation else address
    admit(email_key=address.email_key if address else "", invitation=invitation)
    sign_up = SignUp(ticket=ticket, **_fields(address, **said))
    try:
        with transaction.atomic():
            sign_up.save(force_insert=True)
    except IntegrityError as error:
        if ticket is None:
            raise
        raise Invitation.DoesNotExist from error
    return sign_up


def say(sign_up: SignUp, *, address: NormalisedAddress | None = None, **said: Any) -> None:
    """Fill in or correct what is said: `password` (as typed), `first_name`, `last_name`, `unsafe_metadata`.

    Another address must be proved anew. Raises CodeRefused("done") and what `begin` does.
    """
    _judge_again(sign_up, address=address)
    fields = _fields(address, **said)
    if address and address.email_key != sign_up.email_key:
        fields |= {"verified_at": None, "code_hash": "", "code_sent_at": None, "tries": 0}
    if fields:  # a weak password alone leaves nothing to keep
        with _telling_why(sign_up):
            sign_up.change(**fields)


def send_code(sign_up: SignUp, *, request: HttpRequest) -> None:
    """Mail six digits; or, where the address has an account, a mail that says so.

    Raises CodeRefused("too_soon") within 30 seconds, LimitExceeded, and what `begin` does.
    """
    _judge_again(sign_up)
    sign_up.check_pause()  # impatience must not use up the hour's codes
    take_asking(request, email_key=sign_up.email_key)
    with _telling_why(sign_up), transaction.atomic():
        _mail_code(sign_up)


def finish(sign_up: SignUp, *, code: str) -> User | None:
    """Make the user whose address the code proves; nobody as yet while something else is missing.

    Raises CodeRefused, and what `begin` does.
    """
    _judge_again(sign_up)
    with _telling_why(sign_up):
        sign_up.check_code(code)
        if sign_up.missing_fields:
            sign_up.spend(code=code, verified_at=DatabaseNow())
            return None
        with transaction.atomic():
            # Before the sign-up's own row, which whoever holds the lock may delete.
            AddressGuard.objects.lock(sign_up.email_key)
            sign_up.spend(code=code, completed_at=DatabaseNow())
            return _join(sign_up, proof=Proof.CODE)


def complete(sign_up: SignUp) -> User:
    """Make the user where the address is proved and nothing is missing; everything is judged once more.

    Raises what `finish` does.
    """
    if not sign_up.is_proved or sign_up.missing_fields:
        raise ValueError("something is missing")
    with _telling_why(sign_up), transaction.atomic():
        AddressGuard.objects.lock(sign_up.email_key)
        sign_up.complete()
        return _join(sign_up, proof=Proof.CODE if sign_up.verified_at else Proof.TICKET)


def accept_as(user: User, *, invitation: Invitation) -> None:
    """Let somebody who has an account, and is signed in to it, accept: the metadata is merged.

    Raises WrongAccount or InvitationClosed.
    """
    if not user.has_address(invitation.email_key):
        raise WrongAccount
    with transaction.atomic():
        invitation.accept(user=user)
        locked = User.objects.select_for_update().get(pk=user.pk)
        merged = merge_metadata(locked.public_metadata, invitation.public_metadata)
        User.objects.filter(pk=user.pk).update(public_metadata=merged, updated_at=DatabaseNow())


def tell_why_gone(*, ticket_id: int) -> None:
    """Whoever is quicker with an invitation discards what others have begun with it, who are told so.

    Raises what `begin` does of a ticket.
    """
    ticket = Ticket.objects.filter(pk=ticket_id).first()
    if ticket is None:
        raise Invitation.DoesNotExist
    _judge(ticket)


def _judge_again(sign_up: SignUp, *, address: NormalisedAddress | None = None) -> None:
    """A revoke, or another mode, ends what began before it."""
    if sign_up.ticket:
        _judge(sign_up.ticket)
    else:
        admit(email_key=address.email_key if address else sign_up.email_key)


@contextmanager
def _telling_why(sign_up: SignUp) -> Iterator[None]:
    try:
        yield
    except CodeRefused as gone:
        if gone.reason == "done" and sign_up.ticket_id:
            tell_why_gone(ticket_id=sign_up.ticket_id)
        raise


def _judge(ticket: Ticket) -> Invitation:
    """The invitation of a ticket with which somebody new may sign up."""
    invitation = ticket.invitation
    invitation.check_pending()
    if User.objects.holding(invitation.email_key).exists():
        # The account may be the one that this very invitation made since it was read.
        Invitation.objects.get(pk=invitation.pk).check_pending()
        raise AccountExists
    return invitation


def _fields(address: NormalisedAddress | None, *, password: str = "", **said: Any) -> dict:
    fields = {**said, **(address._asdict() if address else {})}
    return fields | ({"password": make_password(password)} if password else {})


def _join(sign_up: SignUp, *, proof: Proof) -> User:
    return _create(
        sign_up.email_key,
        invitation=sign_up.ticket.invitation if sign_up.ticket else None,
        proof=proof,
        password_hash=sign_up.password,
        first_name=sign_up.first_name,
        last_name=sign_up.last_name,
        unsafe_metadata=sign_up.unsafe_metadata,
    )


def _create(email_key: str, *, invitation: Invitation | None, **fields: Any) -> User:
    """The writes of a sign-up, in the caller's transaction: accept first, then the user.

    The address is locked: by the caller, or by `accept`, which begins with it.
    """
    user = User(email_address=email_key)
    # They are signed in by it.
    fields |= {"last_login": DatabaseNow(), "last_active_at": DatabaseNow()}
    if invitation:
        invitation.accept(user=user)
        fields |= {
            "signup_invitation_id": invitation.pk,
            "public_metadata": invitation.public_metadata,
        }
    admission = admit(email_key=email_key, invitation=invitation)
    # Whoever else began one does not get it.
    SignUp.objects.unfinished().filter(email_key=email_key).delete()
    try:
        return User.objects.create_user(
            id=user.pk, email_address=email_key, grant=admission.grant, **fields
        )
    except IntegrityError as error:
        raise AccountExists from error


def _mail_code(sign_up: SignUp) -> None:
    """A mail is written each time, and perhaps taken back: so a known address costs what an unknown one does."""
    code = sign_up.new_code()
    known = User.objects.holding(sign_up.email_key).exists()
    tell = _first_today(f"{sign_up.email_key} {known}")  # with its mail, or not at all
    with transaction.atomic():
        if known:
            emails.account_exists(sign_up.email_address).send()
        else:
            emails.code(sign_up.email_address, code=code, purpose=Purpose.SIGN_UP).send()
        transaction.set_rollback(known and not tell)


def _first_today(subject: str) -> bool:
    """Whether nobody was told today that they have an account; counted for every address alike."""
    try:
        limits.take("account_exists", subject=subject)
    except LimitExceeded:
        return False
    return True

"""How somebody becomes a user: the one flow that crosses nouns, and the only place that signs people up.

Passwords are hashed before a transaction begins, mail leaves after it ended: SQLite has one writer.
"""

from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction

from accounts import emails
from accounts.addresses import NormalisedAddress
from accounts.admission import admit
from accounts.metadata import merge_metadata
from accounts.models import Proof, SignUp, User
from config import limits
from config.database import DatabaseNow
from config.limits import LimitExceeded
from invitations.models import AddressGuard, Invitation, InvitationClosed, Ticket


class AccountExists(Exception):
    """The address belongs to somebody already. Said to who holds its ticket, never to a stranger."""


class WrongAccount(Exception):
    """An invitation is for whoever has its address, as first or further."""


def sign_up_with_ticket(ticket: Ticket, *, password: str, **names: str) -> User:
    """Make the invited user: a ticket that was mailed or minted for a key proves the address.

    Raises InvitationClosed or AccountExists; then nothing at all has changed.
    """
    if not ticket.proves_address:
        raise ValueError("a shared link proves nothing; begin() mails a code")
    password_hash = make_password(password)
    with transaction.atomic():
        return _create(
            ticket.invitation.email_key,
            invitation=ticket.invitation,
            proof=Proof.TICKET,
            password_hash=password_hash,
            **names,
        )


def begin(
    address: NormalisedAddress, *, password: str, ticket: Ticket | None = None, **names: str
) -> SignUp:
    """Start a sign-up that a mailed code will finish; in its form alike for known and unknown addresses.

    Raises AdmissionRefused or LimitExceeded; of a `ticket` InvitationClosed, or Invitation.DoesNotExist
    where it was erased meanwhile.
    """
    if ticket and ticket.invitation.status != "pending":
        raise InvitationClosed(reason=ticket.invitation.status)
    admit(email_key=address.email_key, invitation=ticket.invitation if ticket else None)
    limits.take("sign_up_code", subject=address.email_key)
    sign_up = SignUp(**address._asdict(), password=make_password(password), ticket=ticket, **names)
    tell = _first_today(address.email_key)
    try:
        with transaction.atomic():
            sign_up.save(force_insert=True)
            _mail_code(sign_up, tell=tell)
    except IntegrityError as error:
        if ticket is None:
            raise
        raise Invitation.DoesNotExist from error
    return sign_up


def send_another_code(sign_up: SignUp) -> None:
    """Raises SignUpClosed("too_soon") within 30 seconds, LimitExceeded beyond 5 an hour."""
    sign_up.check_pause()  # impatience must not use up the hour's codes
    limits.take("sign_up_code", subject=sign_up.email_key)
    tell = _first_today(sign_up.email_key)
    with transaction.atomic():
        _mail_code(sign_up, tell=tell)


def finish(sign_up: SignUp, *, code: str) -> User:
    """Make the user whose address the code proves.

    Raises SignUpClosed, InvitationClosed, AdmissionRefused or AccountExists.
    """
    sign_up.check_code(code)
    names = {"first_name": sign_up.first_name, "last_name": sign_up.last_name}
    invitation = sign_up.ticket.invitation if sign_up.ticket else None
    with transaction.atomic():
        # Before the sign-up's own row, which whoever holds the lock may delete.
        AddressGuard.objects.lock(sign_up.email_key)
        sign_up.complete(code=code)
        return _create(
            sign_up.email_key,
            invitation=invitation,
            proof=Proof.CODE,
            password_hash=sign_up.password,
            **names,
        )


def accept_as(user: User, *, invitation: Invitation) -> None:
    """Let somebody who has an account, and is signed in to it, accept (R-C3): the metadata is merged.

    Raises WrongAccount or InvitationClosed.
    """
    if not user.has_address(invitation.email_key):
        raise WrongAccount
    with transaction.atomic():
        invitation.accept(user=user)
        locked = User.objects.select_for_update().get(pk=user.pk)
        merged = merge_metadata(locked.public_metadata, invitation.public_metadata)
        User.objects.filter(pk=user.pk).update(public_metadata=merged, updated_at=DatabaseNow())


def _create(email_key: str, *, invitation: Invitation | None, **fields: Any) -> User:
    """The writes of a sign-up, in the caller's transaction: accept first, then the user (reliability.md 2).

    The address is locked: by `finish`, or by `accept`, which begins with it.
    """
    user = User(email_address=email_key)
    if invitation:
        invitation.accept(user=user)
        fields |= {
            "signup_invitation_id": invitation.pk,
            "public_metadata": invitation.public_metadata,
        }
    admission = admit(email_key=email_key, invitation=invitation)
    if User.objects.holding(email_key).exists():
        raise AccountExists
    # Whoever else began one does not get it (R-C4).
    SignUp.objects.unfinished().filter(email_key=email_key).delete()
    try:
        with transaction.atomic():
            return User.objects.create_user(
                id=user.pk, email_address=email_key, grant=admission.grant, **fields
            )
    except IntegrityError as error:  # made without the guard, by createsuperuser
        raise AccountExists from error


def _mail_code(sign_up: SignUp, *, tell: bool) -> None:
    """A fresh code to the address; or, where it has an account, a mail that says so (R-K1).

    Both are written out each time, so that a known address costs what an unknown one does.
    """
    code = sign_up.new_code()
    known = User.objects.holding(sign_up.email_key).exists()
    message = (
        emails.account_exists(sign_up.email_address)
        if known
        else emails.sign_up_code(sign_up.email_address, code=code)
    )
    if tell or not known:
        message.send()


def _first_today(email_key: str) -> bool:
    """Whether nobody was told today that they have an account; counted for every address alike."""
    try:
        limits.take("account_exists", subject=email_key)
    except LimitExceeded:
        return False
    return True

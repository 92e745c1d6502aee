"""How somebody who is signed in changes their first address: by a code that went to the new one."""

from allauth.account.adapter import get_adapter
from django.db import IntegrityError, transaction
from django.http import HttpRequest

from accounts import emails
from accounts.addresses import NormalisedAddress
from accounts.codes import take_asking
from accounts.models import AddressChange, CodeRefused, Purpose, User
from config.database import DatabaseNow


def begin(user: User, *, address: NormalisedAddress) -> AddressChange:
    """Answered alike for an address that somebody else has. Raises CodeRefused("done") of who is erased meanwhile."""
    try:
        with transaction.atomic():
            return AddressChange.objects.create(user=user, **address._asdict())
    except IntegrityError as gone:
        raise CodeRefused(reason="done") from gone


def send_code(change: AddressChange, *, request: HttpRequest) -> None:
    """Mail six digits to the new address; where somebody has it the same work is done, and the mail taken back.

    Raises CodeRefused("too_soon") within 30 seconds, LimitExceeded where it was asked for too often.
    """
    change.check_pause()
    take_asking(request, email_key=change.email_key)
    with transaction.atomic():
        code = change.new_code()
        is_taken = User.objects.holding(change.email_key).exists()
        with transaction.atomic():
            emails.code(change.email_address, code=code, purpose=Purpose.ADDRESS).send()
            transaction.set_rollback(is_taken)


def finish(change: AddressChange, *, code: str) -> None:
    """Make it the person's first address, and tell the former one. Of their addresses only the former first one goes.

    Raises CodeRefused, "taken" where the address is somebody else's by now.
    """
    change.check_code(code)
    user, former = change.user, change.user.email_address
    told = {"from_email": former, "to_email": change.email_address}
    try:
        with transaction.atomic():
            # The user first, as where one is erased with all that they have begun: nobody waits for each other.
            user.move_to(change.email_address)
            change.spend(code=code, completed_at=DatabaseNow())
            get_adapter().send_notification_mail(
                "account/email/email_changed", user, told, email=former
            )
    except IntegrityError as taken:
        raise CodeRefused(reason="taken") from taken

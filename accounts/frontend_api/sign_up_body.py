"""What is said to sign up, and what is wrong with it."""

from typing import Any, Literal

from pydantic_core import PydanticCustomError

from accounts.addresses import NormalisedAddress
from accounts.forms.user_fields import Name, judge_password
from accounts.frontend_api.refusals import other_address
from accounts.frontend_api.said import Code, MetadataText, Said, Secret, TicketText
from accounts.models import SignUp, User
from config import limits
from config.api_input import Address
from invitations.models import Ticket


class SaySignUp(Said):
    """`strategy` changes nothing where a ticket or an address says it all; others than these are none of ours."""

    strategy: Literal["ticket", "password", "email_code"] | None = None
    ticket: TicketText = ""
    email_address: Address | None = None
    password: Secret = ""
    first_name: Name = ""
    last_name: Name = ""
    unsafe_metadata: MetadataText = {}

    def named(self) -> dict[str, Any]:
        """What was said of the fields that need no judgement of the whole."""
        told = self.model_fields_set & {"first_name", "last_name", "unsafe_metadata"}
        return {name: getattr(self, name) for name in told}

    def kept(self, fault: PydanticCustomError | None) -> dict[str, Any]:
        """The same, and the password unless it has a fault."""
        return {**self.named(), "password": "" if fault else self.password}


class PrepareVerification(Said):
    strategy: Literal["email_code"]


class AttemptVerification(PrepareVerification):
    code: Code


def check_address(body: SaySignUp, *, invited: NormalisedAddress | None) -> None:
    if invited and body.email_address and body.email_address.email_key != invited.email_key:
        raise other_address()


def judge(
    body: SaySignUp, *, email_address: str, ticket: Ticket | None, sign_up: SignUp | None = None
) -> PydanticCustomError | None:
    """What is wrong with the password, which must not resemble the address or the names."""
    if body.password and ticket:
        limits.check("ticket_post", subject=str(ticket.pk))
    known = {name: getattr(sign_up, name) for name in ("first_name", "last_name") if sign_up}
    said = {name: value for name, value in body.named().items() if name != "unsafe_metadata"}
    try:
        if body.password:
            judge_password(body.password, person=User(email_address=email_address, **known | said))
    except PydanticCustomError as fault:
        if ticket:
            limits.take("ticket_post", subject=str(ticket.pk))
        return fault
    return None

"""May this address come in, and which rule decided: the only gate, for every road."""

from typing import TYPE_CHECKING, NamedTuple

from accounts.models import Application, Grant, SignUpMode

if TYPE_CHECKING:
    from invitations.models import Invitation


class Admission(NamedTuple):
    grant: Grant
    rule: str


class AdmissionRefused(Exception):
    """Nobody comes in by this road. `rule` is the API's code for the rule that decided."""

    def __init__(self, *, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule


def admit(*, email_key: str = "", invitation: "Invitation | None" = None) -> Admission:
    """Admit an address, by its own invitation or by the mode of this very moment.

    Asked in the transaction that creates the user, so that a change of mode also stops forms that are
    already open. Raises AdmissionRefused.
    """
    if invitation and invitation.email_key == email_key:
        return Admission(Grant.INVITATION, rule="invitation")
    mode = Application.objects.current().sign_up_mode
    if mode == SignUpMode.PUBLIC:
        return Admission(Grant.PUBLIC, rule="public")
    raise AdmissionRefused(rule=f"sign_up_mode_{mode}")

"""What the audit log says of each kind of row, in plain words."""

from typing import Any

from django.utils.functional import Promise
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.audit import NO_ADDRESS

_Text = str | Promise

# The parts of the log, as the filter names them.
FAMILIES: dict[str, _Text] = {
    "sign_ins": gettext_lazy("Sign-ins and sign-outs"),
    "refused": gettext_lazy("Refused sign-ins"),
    "accounts": gettext_lazy("Codes, passwords and addresses"),
    "factors": gettext_lazy("Second factors"),
    "limits": gettext_lazy("Limits reached"),
    "rights": gettext_lazy("Rights refused"),
    "control": gettext_lazy("Keys, roles and settings"),
    "people": gettext_lazy("Bans, locks and deletions"),
}
# `who` is an address, the name of a key, or words for somebody unknown; `how` is one of _WAYS.
SENTENCES: dict[str, _Text] = {
    "signed_in": gettext_lazy("%(who)s signed in with %(how)s"),
    "signed_out": gettext_lazy("%(who)s signed out"),
    "sessions_ended": gettext_lazy("Sessions of %(who)s ended"),
    "new_browser": gettext_lazy("%(who)s signed in with a new browser"),
    "wrong_password": gettext_lazy("Wrong password for %(who)s"),
    "wrong_code": gettext_lazy("Wrong mailed code for %(who)s"),
    "wrong_second_factor": gettext_lazy("Wrong second factor for %(who)s"),
    "refused_banned": gettext_lazy("%(who)s could not sign in: banned"),
    "refused_locked": gettext_lazy("%(who)s could not sign in: locked"),
    "code_asked": gettext_lazy("Sign-in code asked for %(who)s"),
    "reset_asked": gettext_lazy("New password asked for %(who)s"),
    "password_reset": gettext_lazy("Password of %(who)s reset"),
    "password_changed": gettext_lazy("Password of %(who)s changed"),
    "address_changed": gettext_lazy("Address changed to %(who)s"),
    "factor_added": gettext_lazy("%(who)s added %(how)s"),
    "factor_removed": gettext_lazy("%(who)s removed %(how)s"),
    "recovery_codes_made": gettext_lazy("%(who)s made new recovery codes"),
    "recovery_code_used": gettext_lazy("%(who)s used a recovery code"),
    "limit_reached": gettext_lazy("Limit reached by %(who)s"),
    "right_refused": gettext_lazy("Refused to %(who)s, who has no right to it"),
    "key_issued": gettext_lazy("Key %(who)s made"),
    "key_revoked": gettext_lazy("Key %(who)s revoked"),
    "settings_changed": gettext_lazy("Settings changed"),
    "signing_key_made": gettext_lazy("New key for session tokens"),
    "second_factor_reset": gettext_lazy("Second factors of %(who)s taken away"),
    "banned": gettext_lazy("%(who)s banned"),
    "unbanned": gettext_lazy("%(who)s unbanned"),
    "locked": gettext_lazy("%(who)s locked"),
    "unlocked": gettext_lazy("%(who)s unlocked"),
    "erased": gettext_lazy("%(who)s: account deleted"),
    "signed_out_everywhere": gettext_lazy("%(who)s signed out everywhere"),
}
_ROLES = {
    "operator": gettext_lazy("%(who)s made an operator"),
    "admin": gettext_lazy("%(who)s made an admin"),
    "user": gettext_lazy("%(who)s made an ordinary user"),
}
_WAYS: dict[str, _Text] = {
    "password": gettext_lazy("a password"),
    "code": gettext_lazy("a mailed code"),
    "totp": gettext_lazy("an authenticator app"),
    "webauthn": gettext_lazy("a passkey"),
    "recovery_codes": gettext_lazy("a recovery code"),
}
_LIMITS: dict[str, _Text] = {
    "too_many_login_attempts": gettext_lazy("wrong second factors"),
    "sign_in": gettext_lazy("passwords tried by one client"),
}


def sentence(row: Any, *, who: str) -> str:
    words = _ROLES[row.detail["role"]] if row.kind == "role_changed" else SENTENCES.get(row.kind)
    if words is None:  # of a later version
        return row.kind.replace("_", " ").capitalize()
    return words % {"who": who, "how": _ways(getattr(row, "how", ""))}


def note(row: Any) -> str:
    """What is worth knowing beside the sentence."""
    if row.kind == "limit_reached":
        return _("Limit: %(name)s") % {"name": _LIMITS.get(row.how) or row.how.replace("_", " ")}
    if row.kind == "right_refused":
        return _("Page or call: %(name)s") % {"name": row.how.partition(":")[2] or row.how}
    if row.kind == "settings_changed":
        return ", ".join(name.replace("_", " ") for name in row.detail.get("changed", {}))
    return ""


def stranger(row: Any) -> str:
    """Words for whom we have no name."""
    if row.subject == NO_ADDRESS:
        return _("something that is no address")
    if domain := row.detail.get("domain"):
        return _("an address without account at %(domain)s") % {"domain": domain}
    return _("an account that is deleted") if row.subject.startswith("user_") else _("somebody")


def _ways(how: str) -> str:
    return get_text_list([str(_WAYS.get(way, way)) for way in how.split("+")], _("and"))

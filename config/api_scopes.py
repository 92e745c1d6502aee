"""Which operations a secret key with a limited scope may call. An operation that is not listed requires a key with
full access.
"""

from accounts.models import Scope, SecretKey
from config import audit
from config.api_errors import APIRefusal, error

_INVITATIONS, _READS = Scope.INVITATIONS, Scope.READ_ONLY
_OPEN_TO: dict[tuple[str, str], set[Scope]] = {
    ("POST", "v1/invitations"): {_INVITATIONS},
    ("GET", "v1/invitations"): {_INVITATIONS, _READS},
    ("POST", "v1/invitations/bulk"): {_INVITATIONS},
    ("GET", "v1/invitations/<>"): {_INVITATIONS, _READS},
    ("PATCH", "v1/invitations/<>"): {_INVITATIONS},
    ("DELETE", "v1/invitations/<>"): {_INVITATIONS},
    ("POST", "v1/invitations/<>/revoke"): {_INVITATIONS},
    ("POST", "v1/invitations/<>/resend"): {_INVITATIONS},
    ("POST", "v1/invitations/<>/link"): {_INVITATIONS},
    ("GET", "v1/users"): {_READS},
    ("GET", "v1/users/count"): {_READS},
    ("GET", "v1/users/<>"): {_READS},
    ("GET", "v1/instance"): {_READS},
    ("GET", "v1/instance/restrictions"): {_READS},
    ("GET", "v1/jwks"): {_READS},
}
_WORDS = {
    Scope.INVITATIONS: "This secret key is for invitations only. Use one that may do everything.",
    Scope.READ_ONLY: "This secret key may only read. Use one whose scope allows this call.",
}


def permit(key: SecretKey, *, method: str, route: str) -> None:
    """Raise APIRefusal if the key's scope does not allow the operation. `route` has <> in place of ids, as above.

    The functions that make changes check the key's rights again.
    """
    if key.scope == Scope.ALL or key.scope in _OPEN_TO.get((method, route), set()):
        return
    audit.trace("right_refused", subject=key.pk, how=f"{method} {route}", by=key)
    raise APIRefusal(
        403, error("authorization_invalid", "not authorized", _WORDS[Scope(key.scope)])
    )

"""The private key that signs session tokens, where it lies in a file. Whoever looks after it may put it there late, and
not beside each process: an image is built, and mail sent, without it. So it is asked for where tokens are signed: by
`manage.py prepare`, at the start of the web server, and by `manage.py check --deploy`.
"""

from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.conf import settings

from config.environment import understood
from config.usable import Unusable

KEY_BITS = 2048
_NEEDED = f"a PEM file with an RSA private key of {KEY_BITS} bits or more, without a passphrase"


def named() -> RSAPrivateKey | None:
    """The key in the file that SIGNING_KEY_FILE names; None where it names none. Raises ImproperlyConfigured."""
    path = settings.SIGNING_KEY_FILE
    return understood("SIGNING_KEY_FILE", _read, path) if path else None


def load(pem: bytes) -> RSAPrivateKey:
    """Raises Unusable."""
    try:
        key = load_pem_private_key(pem, password=None)
    except TypeError:
        raise Unusable(f"names a key with a passphrase: it must name {_NEEDED}.") from None
    except (ValueError, UnsupportedAlgorithm):
        raise Unusable(f"names a file without a private key: it must name {_NEEDED}.") from None
    if not isinstance(key, RSAPrivateKey) or key.key_size < KEY_BITS:
        raise Unusable(f"names a key of another kind, or too short a one: it must name {_NEEDED}.")
    return key


def _read(path: str) -> RSAPrivateKey:
    if "-----BEGIN" in path:
        raise Unusable("holds a key: put that into a file, and write the path of the file.")
    try:
        pem = Path(path).read_bytes()
    except FileNotFoundError:
        raise Unusable(
            "names a file that is not there: put the key there, or mend the path."
        ) from None
    except PermissionError:
        raise Unusable("names a file that Ollio may not read: give it to who runs Ollio.") from None
    except (OSError, ValueError):
        raise Unusable(f"names something that is no file: it must name {_NEEDED}.") from None
    return load(pem)

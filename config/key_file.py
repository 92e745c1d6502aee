"""Read the private key that signs session tokens from a file.

The file may be added after installation, and not every process needs it: an image is built, and mail is sent, without
it. So settings do not read it. `manage.py prepare`, the start of the web server and `manage.py check --deploy` do.
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
    """Return the key from the file SIGNING_KEY_FILE; None if that is not set. Raises ImproperlyConfigured."""
    path = settings.SIGNING_KEY_FILE
    return understood("SIGNING_KEY_FILE", _read, path) if path else None


def load(pem: bytes) -> RSAPrivateKey:
    """Return the RSA key in a PEM file's content. Raises Unusable."""
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

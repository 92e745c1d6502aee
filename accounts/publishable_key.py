"""What an application must know to use Ollio with Clerk's packages: the publishable key, and what follows from it.

The key is no secret. It is the name of a host, written so that Clerk's packages can read it, and they take from it
who may issue tokens: a token in a cookie is believed when its issuer, without the scheme, is that host, port included.
It has to contain a dot. `localhost` and other bare names get the dot that ends a full host name; it leads to the
same place, and the issuer has it too, so that `http://localhost:8000` works like any other address.

The key is `pk_live_` on every installation: with `pk_test_` Clerk's packages look for Clerk's development browser,
which only Clerk's own domains offer. An application gives `frontend_api_url()` as `proxyUrl` beside the key, in the
browser and on its server, for without it both expect the Frontend API at the root of the host, under https. Only a
server that does nothing but verify tokens, by header or by cookies, gets along without.
"""

import base64
import functools
import hashlib
from urllib.parse import urlsplit

from django.conf import settings

_SUFFIX_LENGTH = 8


def publishable_key() -> str:
    return f"pk_live_{base64.b64encode(f'{_host()}$'.encode()).decode().rstrip('=')}"


def frontend_api_url() -> str:
    """Where pages reach the Frontend API: their `proxyUrl`, unless they pass on requests themselves."""
    return f"{settings.BASE_URL}/__clerk"


def issuer() -> str:
    """This installation, as its tokens name it: `BASE_URL` without a path, with the key's host."""
    return f"{urlsplit(settings.BASE_URL).scheme}://{_host()}"


def cookie_suffix() -> str:
    """What Clerk's packages add to the names of cookies, so that two installations on one host keep apart."""
    return _suffix(publishable_key())


@functools.lru_cache(maxsize=4)
def _suffix(key: str) -> str:
    digest = hashlib.sha1(key.encode(), usedforsecurity=False).digest()
    return base64.urlsafe_b64encode(digest).decode()[:_SUFFIX_LENGTH]


def _host() -> str:
    base = urlsplit(settings.BASE_URL)
    name, colon, port = base.netloc.rpartition(":") if base.port else (base.netloc, "", "")
    return f"{name if '.' in name else f'{name}.'}{colon}{port}"

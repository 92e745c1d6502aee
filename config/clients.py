"""Who is at the other end of a request, for the limits."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def client_ip(request: HttpRequest) -> str:
    """The client's address. Each of our own proxies adds one entry to X-Forwarded-For, at the right end;
    whatever stands left of those, or comes without a proxy, anybody may have written.
    """
    peer = _address(request.META.get("REMOTE_ADDR", ""))
    count = settings.TRUSTED_PROXY_COUNT
    forwarded = request.headers.get("X-Forwarded-For", "").split(",")
    if not 1 <= count <= len(forwarded):
        return peer
    return _address(forwarded[-count]) or peer


def _address(text: str) -> str:
    """An IP address in its one spelling, so that a second spelling is no second counter; or nothing."""
    try:
        address = ipaddress.ip_address(text.strip())
    except ValueError:
        return ""
    return str(getattr(address, "ipv4_mapped", None) or address)

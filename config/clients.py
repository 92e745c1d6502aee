"""Find the client's IP address, for the limits."""

import ipaddress
import re
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

import structlog
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest

_CUSTOMER_BITS = 64  # the bits of an IPv6 address that the customer chooses
_NAT64 = IPv6Network("64:ff9b::/96")  # each holds an IPv4 address (RFC 6052)
# Some proxies add the client's port.
_WITH_PORT = re.compile(r"\[([^]]+)\](?::\d{1,5})?|([\d.]+):\d{1,5}", re.ASCII)
_FOUND = "ollio.client_ip"  # key of request.META
_MAX_ENTRY = 100  # maximum characters of an entry that the log shows

logger = structlog.get_logger(__name__)


def client_ip(request: HttpRequest) -> str:
    """Return the client's IP address; computed once per request.

    Each of our own proxies appends one entry to X-Forwarded-For, at the right end. Entries further left, or without a
    proxy, can be forged. There is one exception: an application's server forwards its visitors' requests to us. If
    the address found is in APPLICATION_PROXIES, the next entry to the left is trusted too.
    """
    if _FOUND not in request.META:
        request.META[_FOUND] = _find(request)
    return request.META[_FOUND]


def _find(request: HttpRequest) -> str:
    client = _address(request.META.get("REMOTE_ADDR", ""))
    header = request.headers.get("X-Forwarded-For", "").strip()
    entries = header.split(",")[::-1] if header else []  # nearest proxy first
    count = settings.TRUSTED_PROXY_COUNT
    for place, entry in enumerate(entries[max(count - 1, 0) :], start=max(count, 1)):
        if place != count and not _is_application(client):
            break  # only our own proxies and applications are trusted
        address = _address(entry)
        if not address:
            # Keep the last known address, which is a proxy's: all clients behind that proxy then count as one.
            logger.warning("client_unreadable", header="X-Forwarded-For", entry=entry[:_MAX_ENTRY])
            break
        client = address
    return client


def client_network(request: HttpRequest) -> str:
    """Return the network that limits per client count: an IPv4 address or an IPv6 /64."""
    return network_of(client_ip(request))


def is_forwarded(request: HttpRequest) -> bool:
    """Whether a trusted proxy forwarded the request: one of our own, or an application's."""
    peer = _address(request.META.get("REMOTE_ADDR", ""))
    return settings.TRUSTED_PROXY_COUNT > 0 or _is_application(peer)


def network_of(client: str) -> str:
    """Return an IPv4 address unchanged; return an IPv6 address as its /64.

    A provider gives a whole /64 to one customer, who can use any of its addresses.
    """
    if ":" not in client:
        return client
    network = int(IPv6Address(client)) >> _CUSTOMER_BITS << _CUSTOMER_BITS
    return f"{IPv6Address(network)}/{128 - _CUSTOMER_BITS}"


def read_proxies(texts: list[str]) -> list[IPv4Network | IPv6Network]:
    """Parse the entries of APPLICATION_PROXIES. Raises ImproperlyConfigured."""
    try:
        return [ipaddress.ip_network(text.strip()) for text in texts]
    except ValueError:
        raise ImproperlyConfigured(
            "APPLICATION_PROXIES must be IP addresses or networks, separated by commas, like 10.0.0.7 or 10.0.0.0/8: "
            "no names, no ports, and a network by its first address."
        ) from None


def _is_application(address: str) -> bool:
    return bool(address) and any(
        ipaddress.ip_address(address) in network for network in settings.APPLICATION_PROXIES
    )


def _address(text: str) -> str:
    """Return an IP address in canonical form, or "" if `text` is none.

    Two spellings of one address must share one counter. A port and an IPv6 zone (the machine's own interface) are
    removed. An IPv4 address inside an IPv6 address (mapped, or NAT64) is returned as IPv4.
    """
    text = text.strip()
    if match := _WITH_PORT.fullmatch(text):
        text = match[1] or match[2]
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(address, IPv6Address) and address in _NAT64:
        return str(IPv4Address(int(address) & 0xFFFFFFFF))
    return str(getattr(address, "ipv4_mapped", None) or address)

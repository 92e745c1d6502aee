"""Who is at the other end of a request, for the limits."""

import ipaddress
import re
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

import structlog
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest

_CUSTOMER_BITS = 64  # of an IPv6 address, which the customer chooses
_NAT64 = IPv6Network("64:ff9b::/96")  # each holds an IPv4 address (RFC 6052)
# Some proxies add the port that the client called from.
_WITH_PORT = re.compile(r"\[([^]]+)\](?::\d{1,5})?|([\d.]+):\d{1,5}", re.ASCII)
_FOUND = "ollio.client_ip"  # in request.META
_MAX_ENTRY = 100  # characters of an entry in the log

logger = structlog.get_logger(__name__)


def client_ip(request: HttpRequest) -> str:
    """The client's address, found once a request. Each of our own proxies adds one entry to X-Forwarded-For, at the
    right end; whatever stands left of those, or comes without a proxy, anybody may have written. Only where the
    application itself has called, which passes the calls of its visitors on, the entry before it counts: by its
    address, since everybody else comes without it.
    """
    if _FOUND not in request.META:
        request.META[_FOUND] = _find(request)
    return request.META[_FOUND]


def _find(request: HttpRequest) -> str:
    client = _address(request.META.get("REMOTE_ADDR", ""))
    header = request.headers.get("X-Forwarded-For", "").strip()
    entries = header.split(",")[::-1] if header else []  # the nearest first
    count = settings.TRUSTED_PROXY_COUNT
    for place, entry in enumerate(entries[max(count - 1, 0) :], start=max(count, 1)):
        if place != count and not _is_application(client):
            break  # only the entry at our own count is a proxy's for sure
        address = _address(entry)
        if not address:
            # Who wrote it is all that is known: whoever comes by that proxy counts as one.
            logger.warning("client_unreadable", header="X-Forwarded-For", entry=entry[:_MAX_ENTRY])
            break
        client = address
    return client


def client_network(request: HttpRequest) -> str:
    """Whom a limit by address counts."""
    return network_of(client_ip(request))


def is_forwarded(request: HttpRequest) -> bool:
    """Whether a proxy has passed it on that is believed: one of our own, or an application's."""
    peer = _address(request.META.get("REMOTE_ADDR", ""))
    return settings.TRUSTED_PROXY_COUNT > 0 or _is_application(peer)


def network_of(client: str) -> str:
    """An IPv4 address, or the /64 that a provider gives to one customer of IPv6, who may take any of its addresses."""
    if ":" not in client:
        return client
    network = int(IPv6Address(client)) >> _CUSTOMER_BITS << _CUSTOMER_BITS
    return f"{IPv6Address(network)}/{128 - _CUSTOMER_BITS}"


def read_proxies(texts: list[str]) -> list[IPv4Network | IPv6Network]:
    """What the environment says of APPLICATION_PROXIES. Raises ImproperlyConfigured."""
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
    """An IP address in its one spelling, so that a second spelling is no second counter; or nothing. Without a zone,
    which tells the machine's own networks apart.
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

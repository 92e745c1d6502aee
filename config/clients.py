"""Who is at the other end of a request, for the limits."""

import ipaddress
from ipaddress import IPv4Network, IPv6Address, IPv6Network

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest

_CUSTOMER_BITS = 64  # of an IPv6 address, which the customer chooses


def client_ip(request: HttpRequest) -> str:
    """The client's address. Each of our own proxies adds one entry to X-Forwarded-For, at the right end;
    whatever stands left of those, or comes without a proxy, anybody may have written. Only where the application
    itself has called, which passes the calls of its visitors on, the entry before it counts: by its address, since
    everybody else comes without it.
    """
    peer = _address(request.META.get("REMOTE_ADDR", ""))
    forwarded = [_address(entry) for entry in request.headers.get("X-Forwarded-For", "").split(",")]
    places = [peer, *reversed(forwarded)]  # the nearest first
    if len(places) <= settings.TRUSTED_PROXY_COUNT:
        return peer
    client, *beyond = places[settings.TRUSTED_PROXY_COUNT :]
    for further in beyond:
        if not further or not _is_application(client):
            break
        client = further
    return client or peer


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
    except ValueError as fault:
        raise ImproperlyConfigured(
            f"APPLICATION_PROXIES must be IP addresses or networks, separated by commas: {fault}."
        ) from fault


def _is_application(address: str) -> bool:
    return bool(address) and any(
        ipaddress.ip_address(address) in network for network in settings.APPLICATION_PROXIES
    )


def _address(text: str) -> str:
    """An IP address in its one spelling, so that a second spelling is no second counter; or nothing."""
    try:
        address = ipaddress.ip_address(text.strip())
    except ValueError:
        return ""
    return str(getattr(address, "ipv4_mapped", None) or address)

"""The only validator for redirect URLs. It is strict, so that all URL parsers find the same host."""

import ipaddress
import re
from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.addresses import InvalidDomain, ascii_domain, has_hidden_characters

MAX_TARGET_CHARACTERS = 2048
TICKET_PARAMETER = "__clerk_ticket"
STATUS_PARAMETER = "__clerk_status"

_URL = re.compile(
    r"(?P<scheme>https?)://(?P<authority>[^/?#]*)(?P<path>[^?#]*)"
    r"(?P<query>\?[^#]*)?(?P<fragment>#.*)?",
    re.IGNORECASE | re.ASCII,  # without ASCII, U+017F (long s) matches the s of https
)
_AUTHORITY = re.compile(r"(?P<host>\[[0-9A-Fa-f:.]+\]|[^:@%\[\]]+)(?::(?P<port>.*))?")
_PORT = re.compile(r"[0-9]{1,5}")
# In `localhost:3000`, the host only looks like a scheme: a port follows.
_OTHER_SCHEME = re.compile(
    r"(?!https?:)(?P<scheme>[a-z][a-z0-9+.-]*):(?![0-9])", re.IGNORECASE | re.ASCII
)
_DOTTED_QUAD = re.compile(r"[0-9]+(?:\.[0-9]+){3}")
_ENCODED_DOT = re.compile("%2e", re.IGNORECASE)
_DEFAULT_PORTS = {"https": 443, "http": 80}
_MAX_PORT = 65535
_SLASHES_BEFORE_PATH = len("//")
# quote() must encode non-ASCII characters only.
_ASCII = "".join(map(chr, range(128)))


class InvalidTarget(ValueError):
    """The URL is not an allowed redirect target. The message tells the user how to fix it."""

    def __init__(self, message: str | Promise, *, code: str = "form_param_format_invalid") -> None:
        super().__init__(message)
        self.code = code


class Target(NamedTuple):
    origin: str
    path: str
    query: str
    fragment: str


def clean_target(
    text: object, *, origins: Sequence[str], hosted: Sequence[str], loopback: bool = False
) -> str:
    """Return a redirect URL in its normal form; raises InvalidTarget.

    `origins` is the application's allow-list; if it is empty, every origin is allowed. `hosted` lists the URLs of
    its own pages; their origins are always allowed. With `loopback`, the visitor's own machine is allowed too.
    """
    target = parse(text)
    if _is_taken(target.query):
        raise InvalidTarget(
            _("Remove __clerk_ticket and __clerk_status from the URL: they are added later.")
        )
    is_own_machine = loopback and is_loopback(target.origin)
    if not is_own_machine and not _is_listed(target.origin, origins=origins, hosted=hosted):
        raise InvalidTarget(
            _("Add the URL's origin to the redirect origins, or use one that is listed."),
            code="form_param_value_invalid",
        )
    return _within_length("".join(target))


def origin_of(target: str) -> str | None:
    """Return the origin of a URL in its normal form; None if the URL is not a valid redirect target."""
    try:
        return parse(target).origin
    except InvalidTarget:
        return None


def is_loopback(origin: str) -> bool:
    """Tell whether an origin, in its normal form, is the visitor's own machine."""
    host = urlsplit(origin).hostname or ""
    return clean_host(f"[{host}]" if ":" in host else host)[1]


def is_allowed(
    target: str, *, origins: Sequence[str], hosted: Sequence[str], loopback: bool = False
) -> bool:
    """Tell whether the current lists still allow a stored target."""
    try:
        clean_target(target, origins=origins, hosted=hosted, loopback=loopback)
    except InvalidTarget:
        return False
    return True


def with_ticket(target: str, *, ticket: str, status: str) -> str:
    """Add ticket and status to the query of a validated target. Everything else stays unchanged, except that an
    empty path becomes `/`.
    """
    base, mark, fragment = target.partition("#")
    address, _question, query = base.partition("?")
    if address.count("/") == _SLASHES_BEFORE_PATH:
        address += "/"
    ours = urlencode({TICKET_PARAMETER: ticket, STATUS_PARAMETER: status})
    joint = "&" if query and not query.endswith("&") else ""
    return f"{address}?{query}{joint}{ours}{mark}{fragment}"


def parse(text: object) -> Target:
    """Split a redirect URL into its parts, in normal form; raises InvalidTarget."""
    if not isinstance(text, str):
        raise InvalidTarget(_("Give the URL as text."), code="form_param_value_invalid")
    _within_length(text)
    # URL parsers differ here: some remove these characters, some read a backslash as a slash.
    if " " in text or "\\" in text or has_hidden_characters(text):
        raise InvalidTarget(_("Remove spaces, backslashes and invisible characters from the URL."))
    url = _URL.fullmatch(text)
    if url is None:
        raise InvalidTarget(_beginning(text))
    return Target(
        origin=_origin(url["scheme"].lower(), authority=url["authority"]),
        path=_without_dots(_encoded(url["path"])),
        query=_encoded(url["query"] or ""),
        fragment=_encoded(url["fragment"] or ""),
    )


def _beginning(text: str) -> str | Promise:
    """Return what is wrong with the start of a text that is not a URL."""
    if other := _OTHER_SCHEME.match(text):
        return _("Use https:// instead of %(scheme)s:.") % {"scheme": other["scheme"][:20]}
    if "://" not in text:
        return _("The scheme is missing: put https:// in front, as in https://app.example.com.")
    return _("Give a whole URL that begins with https:// and a host.")


def _within_length(text: str) -> str:
    if not 1 <= len(text) <= MAX_TARGET_CHARACTERS:
        raise InvalidTarget(_("Give a URL of 1 to 2,048 characters, encoding included."))
    return text


def _origin(scheme: str, *, authority: str) -> str:
    parts = _AUTHORITY.fullmatch(authority)
    if "@" in authority:
        raise InvalidTarget(_("Remove the user name before the host."))
    if parts is None:
        raise InvalidTarget(_("Give a host after https://, with no percent sign."))
    host, is_local = clean_host(parts["host"])
    if scheme == "http" and not is_local:
        raise InvalidTarget(_("Use https://; http:// is for localhost and loopback addresses."))
    default = _DEFAULT_PORTS[scheme]
    port = default if parts["port"] is None else _port(parts["port"])
    return f"{scheme}://{host}" + ("" if port == default else f":{port}")


def _port(text: str) -> int:
    if ":" in text:
        raise InvalidTarget(_("Give one port or none, and put an IPv6 address in brackets."))
    if not _PORT.fullmatch(text) or not 1 <= int(text) <= _MAX_PORT:
        raise InvalidTarget(_("Give a port from 1 to 65535, or none."))
    return int(text)


def clean_host(text: str) -> tuple[str, bool]:
    """Return the host in the form that browsers use, and whether it is the visitor's own machine."""
    try:
        if text.startswith("["):
            return _ipv6(ipaddress.IPv6Address(text[1:-1]))
        if _DOTTED_QUAD.fullmatch(text):
            address = ipaddress.IPv4Address(text)
            return str(address), address.is_loopback
        domain = ascii_domain(text)
    except (ipaddress.AddressValueError, InvalidDomain) as error:
        raise InvalidTarget(
            _("Check the host: a name, four decimal numbers or an IPv6 address in brackets.")
        ) from error
    # Browsers resolve all names below localhost to the visitor's own machine, without DNS.
    return domain, domain == "localhost" or domain.endswith(".localhost")


def _ipv6(address: ipaddress.IPv6Address) -> tuple[str, bool]:
    mapped = address.ipv4_mapped
    if mapped is None:
        return f"[{address.compressed}]", address.is_loopback
    # Python writes the last 32 bits of IPv4-mapped addresses as IPv4; browsers write them in hexadecimal.
    high, low = divmod(int(mapped), 1 << 16)
    return f"[::ffff:{high:x}:{low:x}]", mapped.is_loopback


def _encoded(text: str) -> str:
    return quote(text, safe=_ASCII)


def _without_dots(path: str) -> str:
    """Resolve dot segments as browsers do: in them, %2e counts as a dot."""
    kept: list[str] = []
    segments = path.split("/")[1:]
    for segment in segments:
        dots = _ENCODED_DOT.sub(".", segment)
        if dots == "..":
            del kept[-1:]
        elif dots != ".":
            kept.append(segment)
    if segments and _ENCODED_DOT.sub(".", segments[-1]) in {".", ".."}:
        kept.append("")
    return "".join(f"/{segment}" for segment in kept)


def _is_taken(query: str) -> bool:
    names = {name for name, _value in parse_qsl(query[1:], keep_blank_values=True)}
    return not names.isdisjoint({TICKET_PARAMETER, STATUS_PARAMETER})


def _is_listed(origin: str, *, origins: Sequence[str], hosted: Sequence[str]) -> bool:
    if not origins:
        return True
    return any(origin_of(entry) == origin for entry in (*origins, *hosted))

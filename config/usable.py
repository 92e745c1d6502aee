"""Parse and validate the values of environment variables. Each function reads one kind of value.

It raises Unusable, whose text says what is wrong and how to correct it. The text never repeats any part of the value,
which may be a secret.
"""

import ipaddress
import re
from email.headerregistry import Address
from email.utils import unquote as unquoted
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

import environ
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator

from accounts.addresses import has_hidden_characters
from invitations.targets import InvalidTarget, clean_host

_MAX_PORT = 65535
_WEB_PORTS = {"https": 443, "http": 80}
_AUTHORITY = re.compile(r"(?P<host>\[[^\]@]*\]|[^:@\[\]]*)(?::(?P<port>[0-9]{0,5}))?")
_BARE_IPV6 = re.compile(r"[0-9A-Fa-f]*:[0-9A-Fa-f]*:[0-9A-Fa-f:.]*(?:%.*)?")
_SECRET_CHARACTERS = 50
_PIECE = 3
_LEAST_NEW = 2 / 3  # in a random key nearly all pieces differ, even if it has only digits
_POSTGRES = {"postgres", "postgresql", "psql", "pgsql"}
_TLS_PORT, _STARTTLS_PORT, _MAIL_PORT = 465, 587, 25
_SMTP_PORTS = {
    "smtp": _MAIL_PORT,
    "smtp+tls": _STARTTLS_PORT,
    "smtp+ssl": _TLS_PORT,
    "smtps": _TLS_PORT,
}
_ENCODE = (
    "cannot be read: percent-encode what is special in user and password, %2F for / and %40 for @."
)


class Unusable(ValueError):
    """The value cannot be used. The text continues a sentence that begins with the variable's name."""


def secret_key(text: str) -> str:
    if (
        len(text) < _SECRET_CHARACTERS or len(set(text)) < 5
    ):  # refuses defaults, examples and short keys
        raise Unusable(
            "must be at least 50 random characters. `make setup` writes one into .env; or run: "
            "python -c 'import secrets; print(secrets.token_urlsafe(64))'"
        )
    pieces = [text[at : at + _PIECE] for at in range(len(text) - _PIECE + 1)]
    if len(set(pieces)) < _LEAST_NEW * len(pieces):
        raise Unusable(
            "repeats the same words, so it can be guessed. Make a random one with "
            "python -c 'import secrets; print(secrets.token_urlsafe(64))'. "
            "The former may stay in SECRET_KEY_FALLBACKS, so that nothing that it sealed is lost."
        )
    return text


def base_url(text: str) -> str:
    """Return a URL as browsers write it, without a slash at the end."""
    if " " in text or "\\" in text or has_hidden_characters(text):
        raise Unusable("holds a space, a backslash or an invisible character: take it out.")
    parts = _split(text, otherwise="has a host that is none: check its brackets.")
    if parts.scheme not in _WEB_PORTS or not parts.netloc:
        raise Unusable(
            "must begin with https:// (or http://) and a host: it is the public address of this "
            "installation, like https://ollio.example.com. Every link in every mail is built from it."
        )
    if "@" in parts.netloc:
        raise Unusable("names a user before the host: take out all up to the @.")
    if "?" in text or "#" in text:
        raise Unusable("has a query or a fragment: take out all from ? or # on.")
    _check_brackets(parts.netloc)
    found = _AUTHORITY.fullmatch(parts.netloc)
    port = int((found and found["port"]) or _WEB_PORTS[parts.scheme])
    if not found or not 1 <= port <= _MAX_PORT:
        raise Unusable("has a port that is none: give one from 1 to 65535, or leave it out.")
    shown = "" if port == _WEB_PORTS[parts.scheme] else f":{port}"
    return f"{parts.scheme}://{host(found['host'])}{shown}{parts.path.rstrip('/')}"


def host(text: str) -> str:
    """Return a host as browsers write it: in punycode; an IPv6 address in brackets."""
    bare = text.removesuffix(".")
    try:
        return clean_host(f"[{bare}]" if _is_ipv6(bare) else bare)[0]
    except InvalidTarget:
        raise Unusable(
            "has a host that is none: give a name of letters, digits, hyphens and dots, "
            "four decimal numbers, or an IPv6 address in brackets."
        ) from None


def hosts(text: str) -> list[str]:
    """Return hosts separated by commas. A leading dot includes all subdomains."""
    if "*" in text:
        raise Unusable(
            "must name the hosts this installation answers for; * opens it to all. "
            "To take in those below a name, put a dot in front of it."
        )
    if any(sign in text for sign in ("/", "@")):
        raise Unusable("must name hosts alone: take out https:// and paths.")
    named = listed(text)
    if any(
        not _is_ipv6(each) and re.search(r":[0-9]*$", each.rpartition("]")[2]) for each in named
    ):
        raise Unusable("must name hosts alone: take out the ports.")
    return [f".{host(each[1:])}" if each.startswith(".") else host(each) for each in named]


def listed(text: str) -> list[str]:
    return [entry.strip() for entry in text.split(",") if entry.strip()]


def sender(text: str) -> str:
    """Return an e-mail address, with or without a name. A name with a comma needs no quotes here."""
    named = re.fullmatch(r"(?P<name>.*?)\s*<(?P<address>[^<>]*)>", text)
    name, address = (unquoted(named["name"]), named["address"]) if named else ("", text)
    local, _at, domain = address.strip().rpartition("@")
    wrong = "must be one address, or a name and an address, like Acme, Inc. <ollio@example.com>."
    try:
        domain = domain if domain.startswith("[") else host(domain)
        EmailValidator(allowlist=[domain])(f"{local}@{domain}")
        if has_hidden_characters(text):
            raise Unusable(wrong)
        return str(Address(display_name=name, addr_spec=f"{local}@{domain}"))
    except (ValueError, IndexError, ValidationError):
        raise Unusable(wrong) from None


def mail_domain(hostname: str) -> str:
    """Return the domain part of an e-mail address at a host; an IP address becomes a literal in brackets."""
    try:
        address = ipaddress.ip_address(hostname)
    except ValueError:
        return hostname
    return f"[IPv6:{address}]" if address.version == 6 else f"[{address}]"


def mail_server(text: str) -> dict[str, Any]:
    """Return the options of an SMTP connection."""
    parts = _split(text, otherwise=_ENCODE)
    if parts.scheme not in _SMTP_PORTS:
        raise Unusable(
            "must begin with smtp+tls:// (port 587), smtp+ssl:// (port 465), or smtp:// for a connection without TLS."
        )
    user, _at, place = parts.netloc.rpartition("@")
    found = re.fullmatch(r"(\[[0-9A-Fa-f:.]+\]|[^:@\[\]]+)(?::([0-9]{0,5}))?", place)
    rest = parts.path.strip("/") + parts.query + parts.fragment
    if "@" in rest or (rest and not found):
        raise Unusable(_ENCODE)
    if rest:
        raise Unusable(
            "must end after host and port: TLS is asked for by smtp+tls:// or smtp+ssl://."
        )
    _check_brackets(place)
    if not found or not 1 <= (port := int(found[2] or _SMTP_PORTS[parts.scheme])) <= _MAX_PORT:
        raise Unusable("must name a host, and a port from 1 to 65535 or none.")
    _check_mail_port(parts.scheme, port=port)
    name, _colon, password = user.partition(":")
    return {
        "host": found[1].strip("[]"),
        "port": port,
        "username": unquote(name),
        "password": unquote(password),
        "use_tls": parts.scheme == "smtp+tls",
        "use_ssl": parts.scheme in {"smtp+ssl", "smtps"},
    }


def database(text: str) -> dict[str, Any]:
    """Return Django's database settings from a URL."""
    scheme, _colon, rest = text.partition(":")
    is_path = rest.startswith("///") and rest.strip("/")
    if scheme == "sqlite" and not is_path and rest != "//:memory:":
        raise Unusable(
            "must begin with sqlite:/// and then the path, /var/ollio.sqlite3 with its own slash."
        )
    if scheme not in {"sqlite", *_POSTGRES}:
        raise Unusable("must begin with sqlite:/// or postgres://.")
    parts = _split(text, otherwise=_ENCODE)
    behind = parts.path + parts.query + parts.fragment
    if scheme in _POSTGRES and "@" in behind and "@" not in parts.netloc:
        raise Unusable(_ENCODE)
    _check_brackets(parts.netloc)
    try:
        found = environ.Env.db_url_config(text)
    except ValueError:
        raise Unusable(_ENCODE) from None
    if not found["NAME"] and "service" not in found.get("OPTIONS", {}):
        raise Unusable("must name the database behind the host, like postgres://…@localhost/ollio.")
    return found


def service(text: str) -> str:
    """Return the URL of an external service, or "" for none."""
    parts = _split(text, otherwise="has a host that is none: check its brackets.")
    if text and (parts.scheme not in _WEB_PORTS or not parts.hostname):
        raise Unusable("must begin with https:// and a host, or be empty.")
    _check_brackets(parts.netloc)
    return text


def _split(text: str, *, otherwise: str) -> SplitResult:
    try:
        return urlsplit(text)
    except ValueError:
        raise Unusable(otherwise) from None


def _check_brackets(authority: str) -> None:
    """Require brackets around an IPv6 address. Without them, its last part would be read as a port."""
    if _BARE_IPV6.fullmatch(authority.rpartition("@")[2]):
        raise Unusable("has an IPv6 address without brackets: write it as in //[2001:db8::10].")


def _check_mail_port(scheme: str, *, port: int) -> None:
    """Refuse the wrong kind of TLS for ports 587 and 465. With it, client and server would wait for each other."""
    if scheme in {"smtp+ssl", "smtps"} and port == _STARTTLS_PORT:
        raise Unusable(
            "asks for TLS from the first byte, which port 587 does not speak: write smtp+tls://."
        )
    if scheme in {"smtp", "smtp+tls"} and port == _TLS_PORT:
        raise Unusable("names port 465, which speaks TLS from the first byte: write smtp+ssl://.")


def _is_ipv6(text: str) -> bool:
    try:
        ipaddress.IPv6Address(text)
    except ValueError:
        return False
    return True

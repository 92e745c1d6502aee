"""What an e-mail address is: the one normaliser for every door, every look-up and every limit."""

import re
import unicodedata
from typing import NamedTuple

import idna
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MAX_TYPED_CHARACTERS = 320
MAX_ADDRESS_OCTETS = 254
MAX_DOMAIN_OCTETS = 253

_LOCAL_PART = re.compile(
    r"(?=.{1,64}\Z)[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
)
_ASCII_LABEL = re.compile(r"(?=.{1,63}\Z)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")
# Browsers read a host whose last label is such a number as an IPv4 address.
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
# Python counts these as printable, yet a reader sees nothing.
_BLANK = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0"
    "\U000e0100-\U000e01ef]"
)
_RIGHT_TO_LEFT = {"R", "AL", "AN"}
# Unseen themselves, these shape their neighbours: joiners between letters of the scripts from Arabic to Khmer, after
# a virama and between pictures; selectors after a picture, a keycap's digit and a Han character.
_JOINED = "\u0600-\u109f\u1700-\u1cff\ua800-\uabff\U00010a00-\U000116ff"
_VIRAMA = "\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d\u0dca\u1039\u103a\u17d2\u1b44\ua8c4\ua9c0"
_PICTURE = (
    "\xa9\xae\u203c\u2049\u2122\u2139\u2190-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
)
_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_SHAPING = re.compile(
    f"(?<=[{_JOINED}])[\u200c\u200d](?=[{_JOINED}])"
    f"|(?<=[{_VIRAMA}])[\u200c\u200d]"
    f"|(?<=[{_PICTURE}\ufe0f])\u200d(?=[{_PICTURE}])"
    f"|(?<=[{_PICTURE}])[\ufe0e\ufe0f]"
    "|(?<=[0-9#*])\ufe0f(?=\u20e3)"
    f"|(?<=[{_HAN}])[\ufe00-\ufe02\U000e0100-\U000e01ef]"
)


class InvalidAddress(ValueError):
    """No e-mail address; its text tells the person what to do."""

    def __init__(self, message: str | Promise, *, code: str = "form_param_format_invalid") -> None:
        super().__init__(message)
        self.code = code


class InvalidDomain(ValueError):
    """No domain name that mail servers and browsers would read alike."""


class NormalisedAddress(NamedTuple):
    """Where mail goes, and the key by which two spellings are one person.

    Both are the same text today; they are kept apart so that delivery may one day differ.
    """

    email_address: str
    email_key: str


def normalise_email(text: object) -> NormalisedAddress:
    """Bring a typed address into its one form; raises InvalidAddress.

    Nothing is guessed and nothing is dropped but spaces and tabs at the ends:
    plus tags and dots stay, and a look-alike letter is refused, never mapped to its ASCII twin.
    """
    if not isinstance(text, str):
        raise InvalidAddress(_("Give the e-mail address as text."), code="form_param_value_invalid")
    # The length goes first, so that no later step ever works on a long text.
    if len(text) > MAX_TYPED_CHARACTERS:
        raise _too_long()
    typed = text.strip(" \t")
    if has_hidden_characters(typed):
        raise InvalidAddress(_("Remove line breaks and invisible characters from the address."))
    local_part, domain = _parts(typed)
    # Both parts are ASCII by now, so lower() moves the 26 letters and nothing else.
    address = f"{local_part}@{domain}".lower()
    if len(address) > MAX_ADDRESS_OCTETS:
        raise _too_long()
    return NormalisedAddress(email_address=address, email_key=address)


def with_pluses(text: str) -> str:
    """What the query of a URL says as an address or a part of one: a `+` that was not encoded arrives as a space,
    which no address has.
    """
    return text.replace(" ", "+")


def has_hidden_characters(text: str) -> bool:
    """Tell whether a text holds a control, bidi mark, lone surrogate or anything else unseen.

    An ordinary space is no hidden character; every other kind of space is.
    """
    return not text.isprintable() or _BLANK.search(text) is not None


def has_hidden_in_name(text: str) -> bool:
    """The same of a name, in which joiners and selectors may shape what stands beside them."""
    return has_hidden_characters(_SHAPING.sub("", text))


def shaping_places(text: str) -> set[int]:
    """Where in a name an unseen character belongs."""
    return {found.start() for found in _SHAPING.finditer(text)}


def ascii_domain(text: str) -> str:
    """Return a domain in lower-case A-labels; raises InvalidDomain.

    Only case and the IDNA 2008 encoding may change on the way. Names that the mapping of UTS 46
    would rewrite further (full-width letters, soft hyphens, ideographic stops) are refused:
    two programs would read two hosts.
    """
    if len(text) > MAX_DOMAIN_OCTETS or has_hidden_characters(text) or _has_compatibility(text):
        raise InvalidDomain
    try:
        labels = _ascii_labels(text)
    except UnicodeError as error:
        raise InvalidDomain from error
    domain = ".".join(labels)
    if len(domain) > MAX_DOMAIN_OCTETS or _NUMBER.fullmatch(labels[-1]):
        raise InvalidDomain
    return domain


def _too_long() -> InvalidAddress:
    return InvalidAddress(_("Give a shorter address: 254 characters are the most mail can carry."))


def _parts(typed: str) -> tuple[str, str]:
    if typed.count("@") != 1:
        raise InvalidAddress(_("Give exactly one e-mail address, such as jane@example.com."))
    local_part, domain = typed.split("@")
    if not _LOCAL_PART.fullmatch(local_part):
        raise InvalidAddress(
            _(
                "Check the part before the @: up to 64 unaccented letters, digits and signs"
                " such as . _ + -, with no dot at either end or twice in a row."
            )
        )
    return local_part, _mail_domain(domain)


def _mail_domain(text: str) -> str:
    message = _("Check the part after the @: it must be a domain such as example.com.")
    try:
        domain = ascii_domain(text)
    except InvalidDomain as error:
        raise InvalidAddress(message) from error
    if "." not in domain or domain.endswith(".onion"):
        raise InvalidAddress(message)
    return domain


def _has_compatibility(text: str) -> bool:
    # Letter by letter: a letter and its accent typed apart may still be composed.
    return not text.isascii() and any(unicodedata.normalize("NFKC", c) != c for c in text)


def _ascii_labels(text: str) -> list[str]:
    # lower() on a whole word would turn a Greek sigma at its end into another letter.
    lowered = unicodedata.normalize("NFC", "".join(c.lower() for c in text))
    if idna.uts46_remap(text, std3_rules=True) != lowered:
        raise InvalidDomain
    labels = [_ascii_label(label) for label in lowered.split(".")]
    _check_names([idna.ulabel(label) if label.startswith("xn--") else label for label in labels])
    return labels


def _ascii_label(label: str) -> str:
    if not label.isascii():
        return idna.alabel(label).decode("ascii")
    # Not idna's own check: it refuses names such as qa--shop, which are in use.
    if not _ASCII_LABEL.fullmatch(label):
        raise InvalidDomain
    return label


def _check_names(names: list[str]) -> None:
    # idna looks at one label at a time; the bidi rule binds all labels once one runs to the left.
    if any(unicodedata.bidirectional(c) in _RIGHT_TO_LEFT for name in names for c in name):
        for name in names:
            idna.check_bidi(name, check_ltr=True)

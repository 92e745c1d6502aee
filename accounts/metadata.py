"""What may stand in JSON that others send us: strict syntax, storable values, bounded metadata."""

import json
import math
import re
from collections.abc import Iterator
from typing import NoReturn

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

MAX_METADATA_BYTES = 8 * 1024
MAX_METADATA_DEPTH = 10
MAX_METADATA_KEYS = 100
# The largest integer that JavaScript, and so half of our readers, holds exactly.
MAX_INTEGER = 2**53 - 1
# PostgreSQL writes every digit out: 1e308 and 1e-308 would come back hundreds of digits long, the one
# as an integer that this very check refuses. Within these bounds a number comes back as it was given.
MIN_FRACTION = 1e-15
# Deep enough for any honest document, so that metadata one level too deep is still read and
# then told so; shallow enough that no parser or serialiser after us runs out of stack.
MAX_JSON_DEPTH = 100

_LONGEST_INTEGER = len(str(-MAX_INTEGER))
# A string without its closing quote swallows the rest: the scan stays linear on any input.
_STRING_OR_BRACKET = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[\[\]{}]', re.DOTALL)
_LEVEL_CHANGE = {"[": 1, "{": 1, "]": -1, "}": -1}
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class InvalidJSON(ValueError):
    """The text is not one strict JSON document."""

    code = "request_body_invalid"


class InvalidMetadata(ValueError):
    """A document that parses, but holds what cannot be kept; its text says what to change."""

    def __init__(self, message: str | Promise, *, code: str = "form_param_value_invalid") -> None:
        super().__init__(message)
        self.code = code
        self.field = ""  # which object of several, where somebody knows


def parse_json(raw: bytes | str) -> object:
    """Read one strict JSON document of any type; raises InvalidJSON.

    Numbers too large for their type come back as infinity: they are good syntax,
    and whoever keeps them must refuse them, as clean_metadata does.
    """
    try:
        text = raw.decode("utf-8") if isinstance(raw, bytes) else raw
        _check_nesting(text)
        return json.loads(
            text,
            object_pairs_hook=_object,
            parse_int=_integer,
            parse_constant=_refuse_constant,
        )
    except UnicodeDecodeError as error:
        raise InvalidJSON(_("Send the JSON as UTF-8.")) from error
    except json.JSONDecodeError as error:
        raise InvalidJSON(_("Send one well-formed JSON document.")) from error


def clean_metadata(value: object) -> dict:
    """Return a metadata object unchanged, or raise InvalidMetadata."""
    if not isinstance(value, dict):
        raise InvalidMetadata(_("Give metadata as a JSON object, such as {}."))
    size = 0
    for node, _level in _nodes(value):
        _check_node(node)
        size += _compact_bytes(node)
        if size > MAX_METADATA_BYTES:  # at once: what is much too long is not read to its end
            raise InvalidMetadata(
                _("Shorten the metadata to 8 KiB of compact JSON in UTF-8."),
                code="form_param_exceeds_allowed_size",
            )
    if max(level for _node, level in _nodes(value)) > MAX_METADATA_DEPTH:
        raise InvalidMetadata(
            format_lazy(_("Nest metadata at most {limit} levels deep."), limit=MAX_METADATA_DEPTH)
        )
    objects = [node for node, _level in _nodes(value) if isinstance(node, dict)]
    if sum(map(len, objects)) > MAX_METADATA_KEYS:
        raise InvalidMetadata(
            format_lazy(
                _("Use at most {limit} keys in metadata, those of inner objects included."),
                limit=MAX_METADATA_KEYS,
            )
        )
    return value


def is_storable(text: str) -> bool:
    """Whether our databases can hold it: neither U+0000 nor a lone surrogate is in it."""
    return _UNSTORABLE.search(text) is None


def merge_metadata(base: dict, patch: dict) -> dict:
    """The base with the patch laid over it: objects merge at every level, null deletes, all else replaces."""
    merged = dict(base)
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        elif isinstance(value, dict):
            below = merged.get(key)
            merged[key] = merge_metadata(below if isinstance(below, dict) else {}, value)
        else:
            merged[key] = value
    return merged


def _check_nesting(text: str) -> None:
    if text.count("[") + text.count("{") <= MAX_JSON_DEPTH:
        return
    level = 0
    for match in _STRING_OR_BRACKET.finditer(text):
        level += _LEVEL_CHANGE.get(match[0], 0)
        if level > MAX_JSON_DEPTH:
            raise InvalidJSON(
                format_lazy(_("Nest JSON at most {limit} levels deep."), limit=MAX_JSON_DEPTH)
            )


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise InvalidJSON(_("Give every key of a JSON object once."))
    return result


def _integer(digits: str) -> int | float:
    # Python refuses to read integers of some thousand digits, and reading long ones is slow.
    return int(digits) if len(digits) <= _LONGEST_INTEGER else math.inf


def _refuse_constant(name: str) -> NoReturn:
    raise InvalidJSON(format_lazy(_("Leave out {name}: JSON has no such number."), name=name))


def _nodes(value: object) -> Iterator[tuple[object, int]]:
    """Walk a document without recursion: each value with the number of levels it stands in."""
    waiting = [(value, 1)]
    while waiting:
        node, level = waiting.pop()
        yield node, level
        if isinstance(node, dict | list):
            children = node.values() if isinstance(node, dict) else node
            waiting += [(child, level + isinstance(child, dict | list)) for child in children]


def _check_node(node: object) -> None:
    if isinstance(node, str):
        _check_text(node)
    elif isinstance(node, dict):
        for key in node:
            _check_text(key)
    elif isinstance(node, int | float):
        _check_number(node)
    elif not (node is None or isinstance(node, list)):
        raise InvalidMetadata(_("Use only values that JSON knows."))


def _check_text(text: object) -> None:
    if not isinstance(text, str):
        raise InvalidMetadata(_("Use only text as keys of an object."))
    if not is_storable(text):
        raise InvalidMetadata(_("Remove U+0000 and lone surrogates from texts and keys."))


def _check_number(number: float) -> None:
    if isinstance(number, float) and not (
        number == 0 or MIN_FRACTION <= abs(number) <= MAX_INTEGER
    ):
        raise InvalidMetadata(
            format_lazy(
                _("Keep numbers between {least} and {limit} in size, or send them as text."),
                least=MIN_FRACTION,
                limit=MAX_INTEGER,
            )
        )
    if isinstance(number, int) and abs(number) > MAX_INTEGER:
        raise InvalidMetadata(
            format_lazy(
                _("Keep integers within ±{limit}, or send them as text."), limit=MAX_INTEGER
            )
        )


def _compact_bytes(node: object) -> int:
    """Count what a value adds to compact JSON in UTF-8, its children left out."""
    if isinstance(node, dict):
        return max(2, 1 + 2 * len(node)) + sum(_compact_bytes(key) for key in node)
    if isinstance(node, list):
        return max(2, 1 + len(node))
    return len(json.dumps(node, ensure_ascii=False).encode())

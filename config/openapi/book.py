"""What the OpenAPI description of one API needs in addition to what ninja knows about its operations."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from ninja import NinjaAPI

from config.openapi.errors import Refusals


class Book(NamedTuple):
    api: NinjaAPI
    prefix: str  # of all paths
    description: str  # {base} is replaced by BASE_URL
    tags: list[dict[str, str]]
    refusals: Refusals
    security_schemes: Mapping[str, Any]
    security: Callable[[str], list[dict[str, list]]]  # by the operation's name
    requests: Mapping[str, Any]  # example bodies, by the operation's name
    answers: Mapping[str, Any]  # example responses, likewise
    objects: Mapping[str, Mapping[str, str]]  # by schema: path parameter, JSON pointer to its value
    media: tuple[str, ...]  # allowed content types of a body
    is_open: bool = False  # whether unknown keys of a body are ignored
    headers: Mapping[str, Any] = {}  # optional headers of a POST
    further_paths: Mapping[str, Any] = {}

"""What the description of one API needs beside what ninja knows of its operations."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from ninja import NinjaAPI

from config.openapi.errors import Refusals


class Book(NamedTuple):
    api: NinjaAPI
    prefix: str  # of all paths
    description: str  # with {base}
    tags: list[dict[str, str]]
    refusals: Refusals
    security_schemes: Mapping[str, Any]
    security: Callable[[str], list[dict[str, list]]]  # of an operation, by its name
    requests: Mapping[str, Any]  # examples, by the operation's name
    answers: Mapping[str, Any]
    objects: Mapping[str, Mapping[str, str]]  # where an answer holds the ids that paths take
    media: tuple[str, ...]  # how a body may be written
    is_open: bool = False  # unknown keys of a body are ignored
    headers: Mapping[str, Any] = {}  # that a POST may carry
    further_paths: Mapping[str, Any] = {}

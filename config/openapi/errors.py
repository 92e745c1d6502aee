"""Error responses in an API's description: by operation and status, with an example for every code."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

Codes = Mapping[int, list[str]]  # error codes by HTTP status

EXAMPLE_ADDRESS = "ada@example.com"
_META = {
    "duplicate_record": {"email_addresses": [EXAMPLE_ADDRESS]},
    "user_locked": {"lockout_expires_in_seconds": 3600},
}
_TRACE_ID = "4f0c9b6e2d7a41c8b3f5e6a7d8c9b0a1"
_TELLS_WHEN = {409, 429, 503}  # statuses with Retry-After


class Asked(NamedTuple):
    """The properties of an operation that decide which errors it can return."""

    name: str
    method: str
    has_id: bool
    has_body: bool
    has_query: bool


class Refusals(NamedTuple):
    """The errors of one API."""

    codes: Callable[[Asked], list[Codes]]  # the errors of an operation
    shared: Codes  # error responses that are the same for all operations
    descriptions: Mapping[int, str]
    texts: Mapping[str, tuple[str, str]]  # `message` and `long_message` by code

    def responses(self, asked: Asked) -> dict[str, Any]:
        """Return the error responses of an operation, by status."""
        codes: dict[int, dict[str, None]] = {}
        for kind in self.codes(asked):
            for status, names in kind.items():
                codes.setdefault(status, {}).update(dict.fromkeys(names))
        return {
            str(status): {"$ref": f"#/components/responses/{status}"}
            if list(codes[status]) == self.shared.get(status)
            else self._response(status, codes=codes[status])
            for status in sorted(codes)
        }

    def components(self) -> dict[str, Any]:
        return {
            str(status): self._response(status, codes=codes)
            for status, codes in self.shared.items()
        }

    def _response(self, status: int, *, codes: Iterable[str]) -> dict[str, Any]:
        headers = {"X-Trace-Id": {"$ref": "#/components/headers/X-Trace-Id"}}
        if status in _TELLS_WHEN:
            headers["Retry-After"] = {"$ref": "#/components/headers/Retry-After"}
        content = {
            "schema": {"$ref": "#/components/schemas/Errors"},
            "examples": {code: {"value": self._example(code)} for code in codes},
        }
        return {
            "description": self.descriptions[status],
            "headers": headers,
            "content": {"application/json": content},
        }

    def _example(self, code: str) -> dict[str, Any]:
        message, long_message = self.texts[code]
        element: dict[str, Any] = {"message": message, "long_message": long_message, "code": code}
        name, colon, _rest = long_message.partition(": ")
        if code in _META:
            element["meta"] = _META[code]
        elif colon and name.isidentifier():
            element["meta"] = {"param_name": name}
        return {"errors": [element], "clerk_trace_id": _TRACE_ID}

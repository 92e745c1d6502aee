"""The schemas of requests and responses. They are corrected where ninja and pydantic describe them too loosely."""

from collections.abc import Mapping
from typing import Any

from config import ids
from config.openapi import fields
from config.openapi.book import Book

_LEADING_ON = 300

_PLACES = {
    "invitation": "invitation_id",
    "user": "user_id",
}  # path parameters: name in our code, name in the description
_PREFIXES = {
    "invitation_id": "inv",
    "user_id": "user",
    "session_id": "sess",
    "sign_up_id": "sua",
    "sign_in_id": "sia",
}
_BOUNDS = {"ge": "minimum", "le": "maximum"}
_TEXT_WITHOUT_NUL = "^[^\\u0000]*$"
EMPTY = {"Nothing", "Empty"}  # schemas of bodies without parameters

_ERROR = {
    "type": "object",
    "properties": {
        "message": {"type": "string"},
        "long_message": {"type": "string"},
        "code": {"type": "string", "description": "What programs act on."},
        "meta": {
            "type": "object",
            "properties": {
                "param_name": {"type": "string"},
                "email_addresses": {"type": "array", "items": {"type": "string"}},
                "identifiers": {"type": "array", "items": {"type": "string"}},
                "index": {"type": "integer", "description": "The row of a bulk body, from 0."},
                "lockout_expires_in_seconds": {"type": "integer"},
                "zxcvbn": {"type": "object", "description": "Advice on a weak password."},
            },
            "additionalProperties": False,
        },
    },
    "required": ["message", "long_message", "code"],
    "additionalProperties": False,
}
_ERRORS = {
    "type": "object",
    "properties": {
        "errors": {"type": "array", "items": {"$ref": "#/components/schemas/Error"}, "minItems": 1},
        "clerk_trace_id": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
    },
    "required": ["errors", "clerk_trace_id"],
    "additionalProperties": False,
}
_HEADERS = {
    "X-Trace-Id": {
        "description": "The request's id in Ollio's log, and `clerk_trace_id` of an error.",
        "schema": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
    },
    "Location": {
        "description": "Where to go on.",
        "schema": {"type": "string", "format": "uri"},
    },
    "Retry-After": {
        "description": "Seconds to wait before sending the request again.",
        "schema": {"type": "integer", "minimum": 1},
    },
}


def headers(status: int) -> dict[str, Any]:
    names = ["X-Trace-Id", *(["Location"] if status >= _LEADING_ON else [])]
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def components(book: Book, *, schemas: dict[str, Any], bodies: Mapping[str, str]) -> dict[str, Any]:
    """Return all schemas by name. They allow no unknown keys unless they say otherwise.

    `bodies` maps the name of each request body's schema to its method.
    """
    tidy = {name: tidied(schema) for name, schema in schemas.items() if name not in EMPTY}
    for name, schema in tidy.items():
        schema.pop("description", None)  # from a docstring, which is for developers of Ollio
        if schema.get("type") == "object":
            schema.setdefault("additionalProperties", book.is_open and name in bodies)
            _settle(schema, method=bodies.get(name), has_defaults=not book.is_open)
    return {
        "schemas": {**tidy, "Error": _ERROR, "Errors": _ERRORS},
        "responses": book.refusals.components(),
        "securitySchemes": dict(book.security_schemes),
        "headers": _HEADERS,
        "parameters": dict(book.headers),
    }


def _settle(schema: dict[str, Any], *, method: str | None, has_defaults: bool) -> None:
    """Adjust defaults and null in a schema.

    In request bodies an optional field may be null, which means "absent". Only requests that create an object have
    defaults: in a change, and in a step of a sign-up or sign-in, absent fields keep their values.
    """
    required = schema.get("required", [])
    for name, field in schema.get("properties", {}).items():
        if method != "post" or not has_defaults:
            field.pop("default", None)
        if method:
            said = fields.sent(name, field=field)
            schema["properties"][name] = said if name in required else _or_null(said)


def _or_null(field: dict[str, Any]) -> dict[str, Any]:
    if "anyOf" in field or None in field.get("enum", []):
        return field
    if "type" not in field:
        return {"anyOf": [field, {"type": "null"}]}
    field = {**field, "type": [field["type"], "null"]}
    if "const" in field:
        field["enum"] = [field.pop("const"), None]
    elif "enum" in field:
        field["enum"] = [*field["enum"], None]
    return field


def tidied(schema: Any) -> Any:
    """Return a schema without the titles that pydantic derives from names, and with JSON Schema's names of bounds."""
    if isinstance(schema, list):
        return [tidied(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        _BOUNDS.get(key, key): _named(value) if key == "properties" else tidied(value)
        for key, value in schema.items()
        if key != "title" and not (key == "description" and "enum" in schema)
    }


def _named(properties: dict[str, Any]) -> dict[str, Any]:
    return {name: tidied(field) for name, field in properties.items()}


def parameters(made: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [_parameter(each) for each in made]


def _parameter(made: dict[str, Any]) -> dict[str, Any]:
    name, schema = made["name"], tidied(made["schema"])
    if made["in"] == "path":
        name = _PLACES.get(name, name)
        schema = {"type": "string", "pattern": f"^{ids.pattern(_PREFIXES[name])}$"}
    else:
        schema = _of_query(name, schema=schema)
    return {"name": name, "in": made["in"], "required": made["required"], "schema": schema}


def _of_query(name: str, *, schema: dict[str, Any]) -> dict[str, Any]:
    """Describe a query parameter as the types in `config/api_query.py` read it; pydantic does not know their code."""
    default = schema.pop("default", None)
    schema = schema.get("anyOf", [schema])[0]  # a query has no null
    if name == "starting_after":
        schema = {"type": "string", "pattern": f"^({ids.pattern('[a-z]+')})?$"}  # empty is absent
    elif schema["type"] == "boolean":
        schema = {"type": ["boolean", "integer"], "enum": [True, False, 1, 0]}
    elif schema["type"] == "integer":
        schema = {"minimum": 0, **schema}
    elif schema["type"] == "array":
        schema = {**schema, "items": _text(schema["items"])}
    else:
        schema = _text(schema)
    if isinstance(default, list) and schema["type"] == "string":
        default = default[0]  # Django's ordering: the field, then the id
    return schema if default in ("", [], None) else {**schema, "default": default}


def _text(schema: dict[str, Any]) -> dict[str, Any]:
    return schema if "enum" in schema else {**schema, "pattern": _TEXT_WITHOUT_NUL}


def place(path: str) -> str:
    """Return a path with its parameters renamed as in `_parameter`."""
    for name, shown in _PLACES.items():
        path = path.replace(f"{{{name}}}", f"{{{shown}}}")
    return path


def link(paths: dict[str, Any], *, objects: Mapping[str, Mapping[str, str]]) -> None:
    """Add an OpenAPI link from each response with an id to every operation that takes this id."""
    operations = [each for methods in paths.values() for each in methods.values()]
    for operation in operations:
        for status, answer in operation["responses"].items():
            media = answer.get("content", {}).get("application/json", {})
            if status == "200" and (
                links := _links(media["schema"], operations=operations, objects=objects)
            ):
                answer["links"] = links


def _links(
    schema: dict[str, Any],
    *,
    operations: list[dict[str, Any]],
    objects: Mapping[str, Mapping[str, str]],
) -> dict[str, Any]:
    first = schema["anyOf"][0] if "anyOf" in schema else schema
    name = first.get("items", first).get("$ref", "").rpartition("/")[2]
    row = "/0" if "items" in first else ""
    return {
        each["operationId"]: {
            "operationId": each["operationId"],
            "parameters": {f"path.{parameter}": f"$response.body#{row}{place}"},
        }
        for parameter, place in objects.get(name, {}).items()
        for each in operations
        if any(of.get("name") == parameter for of in each.get("parameters", []))
    }

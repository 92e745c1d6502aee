import functools
import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation

from config.api import api
from config.openapi import errors, examples, shapes

_VERSION = "1"
_DESCRIPTION = """\
Invite people to your application, and decide who may sign up.

The base URL is `{base}/v1`. Every call but the public ones carries a secret key of this installation:
`Authorization: Bearer sk_…`; keys are made in the dashboard, under API keys. Bodies and answers are JSON in
UTF-8, times are Unix milliseconds. Success is 200 (one call answers 204); anything else answers with
`errors`, whose `code` is made for programs and whose texts are for people. `HEAD` is `GET` without the body.

The API speaks the public Backend API of Clerk, so that its official SDKs work with this base URL and key.

A POST may carry an `Idempotency-Key`: sent again with the same value within 24 hours it is answered with the
first answer, and nothing is done twice.
"""
_TAGS = [
    {"name": "Invitations", "description": "Invite addresses, and follow what becomes of it."},
    {"name": "Users", "description": "People who have signed up."},
    {"name": "Instance", "description": "Settings of this installation, and who may sign up."},
]


@csrf_exempt
@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    return HttpResponse(_text(settings.BASE_URL), content_type="application/json")


@functools.cache
def _text(base_url: str) -> str:
    return json.dumps(document(base_url), ensure_ascii=False, separators=(",", ":"))


def document(base_url: str) -> dict[str, Any]:
    """ninja's description of the operations, with what it cannot know."""
    made = _Document(api, path_prefix="v1/")
    info = {
        "title": api.title,
        "version": _VERSION,
        "description": _DESCRIPTION.format(base=base_url),
    }
    components = shapes.components(made["components"]["schemas"], bodies=made.bodies)
    served = {shapes.place(path): methods for path, methods in made["paths"].items()}
    paths = {**served, "/.well-known/jwks.json": _public_keys()}
    shapes.link(paths)
    in_order = {path: paths[path] for path in sorted(paths)}
    return {
        "openapi": "3.1.0",
        "info": info,
        "servers": [{"url": base_url}],
        "tags": _TAGS,
        "paths": in_order,
        "components": components,
    }


class _Document(OpenAPISchema):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.bodies: dict[
            str, str
        ] = {}  # the schemas of what is sent, and the method that sends them
        super().__init__(*args, **kwargs)

    def methods(self, operations: list) -> dict[str, Any]:
        by_method = super().methods(operations)
        return {method: details for method, details in by_method.items() if method != "head"}

    def operation_details(self, operation: Operation) -> dict[str, Any]:
        details = super().operation_details(operation)
        name = operation.view_func.__name__
        (method,) = {each.lower() for each in operation.methods} - {"head"}
        body = self._body(details, name=name, method=method)
        parameters = shapes.parameters(details["parameters"], method=method)
        places = {each["in"] for each in parameters if "in" in each}
        refused = errors.responses(
            name,
            method=method,
            has_id="path" in places,
            has_body=body is not None,
            has_query="query" in places,
        )
        return {
            "operationId": name,
            "summary": _summary(operation),
            "description": details.get("description", ""),
            "tags": details.get("tags", []),
            "security": [{"SecretKey": []}],
            "parameters": parameters,
            **({"requestBody": body} if body else {}),
            "responses": {**_answers(details["responses"], name=name), **refused},
        }

    def _body(self, details: dict[str, Any], *, name: str, method: str) -> dict[str, Any] | None:
        """None for an operation that takes no parameters in its body, or only an empty one."""
        body = details.get("requestBody")
        schema = body["content"]["application/json"]["schema"] if body else {}
        reference = schema.get("$ref") or schema.get("items", {}).get("$ref", "")
        model = reference.rpartition("/")[2]
        if not body or model == "Nothing":
            return None
        self.bodies[model] = method
        media = {"schema": shapes.tidied(schema), **_example(examples.REQUESTS, name=name)}
        required = "$ref" in schema and bool(self.schemas[model].get("required"))
        return {"content": {"application/json": media}, "required": required}


def _summary(operation: Operation) -> str:
    name = operation.view_func.__name__.replace("_", " ")
    return name.capitalize() if operation.summary == name.title() else str(operation.summary)


def _answers(made: dict[Any, Any], *, name: str) -> dict[str, Any]:
    answers = {}
    for status, response in made.items():
        answer = {"description": response["description"], "headers": shapes.HEADERS}
        for media in response.get("content", {}).values():
            schema, example = shapes.tidied(media["schema"]), _example(examples.ANSWERS, name=name)
            answer["content"] = {"application/json": {"schema": schema, **example}}
        answers[str(status)] = answer
    return answers


def _example(known: dict[str, Any], *, name: str) -> dict[str, Any]:
    return {"example": known[name]} if name in known else {}


def _public_keys() -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/JSONWebKeySet"}
    media = {"schema": schema, "example": examples.KEY_SET}
    return {
        "get": {
            "operationId": "get_public_keys",
            "summary": "Get the public keys without a secret key",
            "description": "What `/v1/jwks` answers, for whoever verifies session tokens. May be kept for 5 minutes.",
            "tags": ["Instance"],
            "security": [],
            "responses": {"200": {"description": "OK", "content": {"application/json": media}}},
        }
    }

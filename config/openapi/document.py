from typing import Any

from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation

from config.openapi import shapes
from config.openapi.book import Book
from config.openapi.errors import Asked

_VERSION = "1"


def document(book: Book, *, base_url: str) -> dict[str, Any]:
    """Return the OpenAPI document: ninja's description of the operations, completed from the book."""
    made = _Document(book)
    info = {
        "title": book.api.title,
        "version": _VERSION,
        "description": book.description.format(base=base_url),
    }
    components = shapes.components(book, schemas=made["components"]["schemas"], bodies=made.bodies)
    served = {shapes.place(path): methods for path, methods in made["paths"].items()}
    paths = {**served, **book.further_paths}
    shapes.link(paths, objects=book.objects)
    in_order = {path: paths[path] for path in sorted(paths)}
    return {
        "openapi": "3.1.0",
        "info": info,
        "servers": [{"url": base_url}],
        "tags": book.tags,
        "paths": in_order,
        "components": components,
    }


class _Document(OpenAPISchema):
    def __init__(self, book: Book) -> None:
        self.book = book
        self.bodies: dict[str, str] = {}  # schema name of each request body, and its method
        super().__init__(book.api, path_prefix=book.prefix)

    def methods(self, operations: list) -> dict[str, Any]:
        by_method = super().methods(operations)
        return {method: details for method, details in by_method.items() if method != "head"}

    def operation_details(self, operation: Operation) -> dict[str, Any]:
        details = super().operation_details(operation)
        name = operation.view_func.__name__
        (method,) = {each.lower() for each in operation.methods} - {"head"}
        body = self._body(details, name=name, method=method)
        parameters = shapes.parameters(details["parameters"])
        places = {each["in"] for each in parameters}
        if method == "post":
            parameters += [
                {"$ref": f"#/components/parameters/{each}"} for each in self.book.headers
            ]
        asked = Asked(
            name,
            method=method,
            has_id="path" in places,
            has_body=body is not None,
            has_query="query" in places,
        )
        answers = _answers(details["responses"], example=_example(self.book.answers, name=name))
        return {
            "operationId": name,
            "summary": _summary(operation),
            "description": details.get("description", ""),
            "tags": details.get("tags", []),
            "security": self.book.security(name),
            "parameters": parameters,
            **({"requestBody": body} if body else {}),
            "responses": {**answers, **self.book.refusals.responses(asked)},
        }

    def _body(self, details: dict[str, Any], *, name: str, method: str) -> dict[str, Any] | None:
        """Return the request body's description, or None if the operation takes no parameters in its body."""
        body = details.get("requestBody")
        schema = body["content"]["application/json"]["schema"] if body else {}
        reference = schema.get("$ref") or schema.get("items", {}).get("$ref", "")
        model = reference.rpartition("/")[2]
        if not body or model in shapes.EMPTY:
            return None
        self.bodies[model] = method
        media = {"schema": shapes.tidied(schema), **_example(self.book.requests, name=name)}
        content = {kind: media | self._encoding(kind, model=model) for kind in self.book.media}
        required = "$ref" in schema and bool(self.schemas[model].get("required"))
        return {"content": content, "required": required}

    def _encoding(self, kind: str, *, model: str) -> dict[str, Any]:
        """In a form, an object is sent as JSON text."""
        fields = self.schemas[model]["properties"]
        objects = [name for name, field in fields.items() if field.get("type") == "object"]
        if "form" not in kind or not objects:
            return {}
        return {"encoding": {name: {"contentType": "application/json"} for name in objects}}


def _summary(operation: Operation) -> str:
    name = operation.view_func.__name__.replace("_", " ")
    return name.capitalize() if operation.summary == name.title() else str(operation.summary)


def _answers(made: dict[Any, Any], *, example: dict[str, Any]) -> dict[str, Any]:
    answers = {}
    for status, response in made.items():
        answer = {"description": response["description"], "headers": shapes.headers(int(status))}
        for media in response.get("content", {}).values():
            schema = shapes.tidied(media["schema"])
            answer["content"] = {"application/json": {"schema": schema, **example}}
        answers[str(status)] = answer
    return answers


def _example(known: Any, *, name: str) -> dict[str, Any]:
    return {"example": known[name]} if name in known else {}

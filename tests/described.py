"""An OpenAPI document, with look-ups for tests."""

import functools
import json
import re

import jsonschema_rs

_FOR_OURSELVES = re.compile(r"contract |decisions|safety|see the code|docs/design|\b[TR]-[A-Z]\d")


class Described:
    def __init__(self, document):
        self.document = document
        self.operations = {
            operation["operationId"]: (method, path, operation)
            for path, methods in document["paths"].items()
            for method, operation in methods.items()
        }

    def valid(self, value, schema):
        whole = {**schema, "components": self.document["components"]}
        return not [str(fault) for fault in jsonschema_rs.iter_errors(whole, value)]

    def media(self, part, kind="application/json"):
        """Return the media types of a request or a response."""
        part = self.at(part["$ref"]) if "$ref" in part else part
        return part.get("content", {}).get(kind, {})

    def at(self, reference):
        parts = reference.removeprefix("#/").split("/")
        return functools.reduce(lambda node, part: node[part], parts, self.document)

    def words_for_ourselves(self):
        """Return what a reader of the document cannot follow: names of rules, and of documents about the code."""
        return _FOR_OURSELVES.findall(json.dumps(self.document))

    def references(self):
        return set(_references(self.document))


def served_by(api):
    """Return (method, name) of every operation."""
    return {
        (method.lower(), operation.view_func.__name__)
        for router in api._get_bound_routers()
        for view in router.path_operations.values()
        for operation in view.operations
        for method in operation.methods
        if method != "HEAD"
    }


def _references(node):
    if isinstance(node, dict):
        yield from [node["$ref"]] if isinstance(node.get("$ref"), str) else []
        node = list(node.values())
    if isinstance(node, list):
        for each in node:
            yield from _references(each)

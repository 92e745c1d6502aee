"""The API in OpenAPI 3.1, for readers and for programs: `/v1/openapi.json`."""

from config.openapi.document import openapi
from config.openapi.reference import reference

__all__ = ["openapi", "reference"]

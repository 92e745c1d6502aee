"""The APIs in OpenAPI 3.1, for readers and for programs: `/v1/openapi.json`, `/__clerk/v1/openapi.json`."""

from config.openapi.served import frontend_openapi, openapi, reference

__all__ = ["frontend_openapi", "openapi", "reference"]

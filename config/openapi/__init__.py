"""OpenAPI 3.1 descriptions of both APIs: `/v1/openapi.json` and `/__clerk/v1/openapi.json`."""

from config.openapi.served import frontend_openapi, openapi, reference

__all__ = ["frontend_openapi", "openapi", "reference"]

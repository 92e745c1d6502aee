"""The Backend API's part of its OpenAPI description: introduction, tags, security."""

from typing import Any

from config.api import api
from config.openapi import examples
from config.openapi.backend_errors import REFUSALS
from config.openapi.book import Book

_DESCRIPTION = """\
Invite people to your application, and decide who may sign up.

The base URL is `{base}/v1`. Every call but the public ones carries a secret key of this installation:
`Authorization: Bearer sk_…`; keys are made in the dashboard, under API keys. A key may be limited to
invitations or to reading: what is beyond its scope is 403 `authorization_invalid`. Bodies and answers are JSON in
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
_IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Sent again with the same value, the request is answered but not done again.",
    "schema": {"type": "string", "pattern": "^[!-~]{1,255}$"},
    "example": "invite-ada-1",
}
_PUBLIC_KEYS: dict[str, Any] = {
    "get": {
        "operationId": "get_public_keys",
        "summary": "Get the public keys without a secret key",
        "description": "What `/v1/jwks` answers, for whoever verifies session tokens. May be kept for 5 minutes.",
        "tags": ["Instance"],
        "security": [],
        "responses": {
            "200": {
                "description": "OK",
                "content": {
                    "application/json": {
                        "schema": {"$ref": "#/components/schemas/JSONWebKeySet"},
                        "example": examples.KEY_SET,
                    }
                },
            }
        },
    }
}

BACKEND = Book(
    api,
    prefix="v1/",
    description=_DESCRIPTION,
    tags=_TAGS,
    refusals=REFUSALS,
    security_schemes={
        "SecretKey": {"type": "http", "scheme": "bearer", "description": "A secret key, `sk_…`."}
    },
    security=lambda _name: [{"SecretKey": []}],
    requests=examples.REQUESTS,
    answers=examples.ANSWERS,
    objects={
        "InvitationObject": {"invitation_id": "/id"},
        "UserObject": {"user_id": "/id"},
    },
    media=("application/json",),
    headers={"Idempotency-Key": _IDEMPOTENCY_KEY},
    further_paths={"/.well-known/jwks.json": _PUBLIC_KEYS},
)

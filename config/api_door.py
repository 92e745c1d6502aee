"""Checks before every API operation, in this order: a valid key, the limits, the key's scope, a well-formed request."""

import re
from urllib.parse import parse_qsl

from django.http import HttpRequest, HttpResponse
from django.urls import ResolverMatch
from ninja.security import HttpBearer

from accounts.models import SecretKey
from config import api_scopes, idempotency, limits
from config.api_errors import APIRefusal, error
from config.api_input import bearer_token, read
from config.clients import client_network

# Operations with their own limit, in addition to the limit on all requests of a key.
_LIMITS = {
    ("POST", "v1/invitations"): "create",
    ("POST", "v1/invitations/bulk"): "bulk",
    ("PATCH", "v1/users/<>/metadata"): "user_metadata",
    ("PUT", "v1/users/<>/metadata"): "user_metadata",
}
_UNLIMITED = {"v1/jwks"}
_PER_OBJECT = {"user_metadata"}  # counted per object; all other limits are per key
_PLACE = re.compile("<[^>]*>")


class Replayed(Exception):
    """The request is a repeat. `response` is the stored response; the operation does not run again."""

    def __init__(self, response: HttpResponse) -> None:
        super().__init__(response.status_code)
        self.response = response


class Door(HttpBearer):
    def __call__(self, request: HttpRequest) -> SecretKey:
        key = self.authenticate(request, bearer_token(request))
        claim = idempotency.claim(request)
        kept = claim.find() if claim else None
        if claim and kept:
            raise Replayed(_replay(request, key=key, claim=claim, kept=kept))
        _count(request, key=key)
        api_scopes.permit(key, method=request.method or "", route=_route(request))
        read(request)
        idempotency.check_header(request)
        return key

    def authenticate(self, request: HttpRequest, token: str) -> SecretKey:
        if not token:
            long_message = "Send the header Authorization: Bearer YOUR_SECRET_KEY."
            raise _unauthorised("authorization_header_format_invalid", long_message)
        key = SecretKey.objects.find(token)
        if key is None:
            limits.take("wrong_key", subject=client_network(request))
            raise _unauthorised(
                "clerk_key_invalid", "This is no secret key, or it was revoked or has expired."
            )
        key.touch()
        return key


def _unauthorised(code: str, long_message: str) -> APIRefusal:
    refused = error(code, "not authorized", long_message)
    return APIRefusal(401, refused, headers={"WWW-Authenticate": "Bearer"})


def _replay(
    request: HttpRequest,
    *,
    key: SecretKey,
    claim: idempotency.Claim,
    kept: idempotency.KeptAnswer,
) -> HttpResponse:
    """Return the stored response. A replay does not count against the limits; a request that is refused here does."""
    try:
        read(request)
        return claim.replay(kept)
    except APIRefusal:
        _count(request, key=key)
        raise


def _count(request: HttpRequest, *, key: SecretKey) -> None:
    """Count the request against the key's limits. It counts even if it fails later. Raises LimitExceeded."""
    route = _route(request)
    if route in _UNLIMITED:
        return
    limits.take_request(by=key, in_development=key.prefix == "sk_test_")
    name = _LIMITS.get((request.method or "", route))
    if name and not _is_dry_run(request):
        limits.take(name, subject=_subject(name, request=request, key=key), by=key)


def _route(request: HttpRequest) -> str:
    """Return the route of the request, with <> in place of each id."""
    return _PLACE.sub("<>", _match(request).route)


def _subject(name: str, *, request: HttpRequest, key: SecretKey) -> str:
    ids = _match(request).kwargs.values()
    return str(next(iter(ids))) if name in _PER_OBJECT else key.id


def _match(request: HttpRequest) -> ResolverMatch:
    match = request.resolver_match
    assert match  # set: this code runs only after routing found an operation
    return match


def _is_dry_run(request: HttpRequest) -> bool:
    """Whether the query has dry_run exactly once, as true or 1. Any other value is refused later, or means false."""
    said = [value for name, value in parse_qsl(request.META["QUERY_STRING"]) if name == "dry_run"]
    return said in (["true"], ["1"])

"""What every operation asks first, in this order: a live key, the limits, the key's scope, a readable request."""

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

# Operations with a limit of their own, beside that of all requests of a key.
_LIMITS = {
    ("POST", "v1/invitations"): "create",
    ("POST", "v1/invitations/bulk"): "bulk",
    ("PATCH", "v1/users/<>/metadata"): "user_metadata",
    ("PUT", "v1/users/<>/metadata"): "user_metadata",
}
_UNLIMITED = {"v1/jwks"}
_PER_OBJECT = {"user_metadata"}  # all others are per key
_PLACE = re.compile("<[^>]*>")


class Replayed(Exception):
    """The request was answered before: here is the answer, and nothing is done."""

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
    """The kept answer. A replay does not count, whatever else comes of it does."""
    try:
        read(request)
        return claim.replay(kept)
    except APIRefusal:
        _count(request, key=key)
        raise


def _count(request: HttpRequest, *, key: SecretKey) -> None:
    """Raises LimitExceeded. Every request counts that is not refused here, whatever becomes of it."""
    route = _route(request)
    if route in _UNLIMITED:
        return
    limits.take_request(by=key, in_development=key.prefix == "sk_test_")
    name = _LIMITS.get((request.method or "", route))
    if name and not _is_dry_run(request):
        limits.take(name, subject=_subject(name, request=request, key=key), by=key)


def _route(request: HttpRequest) -> str:
    """Its path with <> for each id."""
    return _PLACE.sub("<>", _match(request).route)


def _subject(name: str, *, request: HttpRequest, key: SecretKey) -> str:
    ids = _match(request).kwargs.values()
    return str(next(iter(ids))) if name in _PER_OBJECT else key.id


def _match(request: HttpRequest) -> ResolverMatch:
    match = request.resolver_match
    assert match  # an operation was found, or nobody would ask
    return match


def _is_dry_run(request: HttpRequest) -> bool:
    """Said so plainly; where the query says anything else about it, the request will be refused or is none."""
    said = [value for name, value in parse_qsl(request.META["QUERY_STRING"]) if name == "dry_run"]
    return said in (["true"], ["1"])

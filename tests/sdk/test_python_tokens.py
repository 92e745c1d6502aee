"""The Python SDK and session tokens.

Its `authenticate_request` asks only Clerk's host for keys, so the test gives it the public key as PEM. `verify_token`
accepts another host.
"""

import base64
import json
from datetime import timedelta

import httpx
import jwt
import pytest
from clerk_backend_api.security import authenticate_request, verify_token
from clerk_backend_api.security.types import (
    AuthenticateRequestOptions,
    AuthErrorReason,
    TokenVerificationError,
    TokenVerificationErrorReason,
    VerifyTokenOptions,
)
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from accounts.models import SigningKey
from tests.factories import PASSWORD, UserFactory
from tests.sdk.minting import ORIGIN, token

REASONS = TokenVerificationErrorReason


@pytest.fixture
def pem(server):
    keys = httpx.get(f"{server.base}/.well-known/jwks.json").json()["keys"]
    public = jwt.PyJWK(keys[0]).key
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


@pytest.fixture
def ask(server, pem):
    """Return what the SDK finds in a request, with the key given."""

    def ask(*, origins=(ORIGIN,), **headers):
        options = AuthenticateRequestOptions(jwt_key=pem, authorized_parties=list(origins))
        return authenticate_request(httpx.Request("GET", f"{ORIGIN}/", headers=headers), options)

    return ask


@pytest.fixture
def verify(server):
    """Verify a token with the keys from /v1/jwks."""

    def verify(token, **more):
        options = VerifyTokenOptions(secret_key=server.key, api_url=server.base, **more)
        return verify_token(token, options)

    return verify


@pytest.fixture
def visitor(server, settings):
    """A browser on one of our own pages."""
    headers = {"Origin": settings.BASE_URL}
    with httpx.Client(base_url=f"{server.base}/__clerk/v1/", headers=headers) as visitor:
        yield visitor


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


def rewritten(token, *, header=None, **claims):
    """Return the token with other content under the same signature."""
    old_header, payload, signature = token.split(".")
    said = {**json.loads(base64.urlsafe_b64decode(f"{payload}==")), **claims}
    head = {**json.loads(base64.urlsafe_b64decode(f"{old_header}==")), **(header or {})}
    return f"{_part(head)}.{_part(said)}.{signature}"


def _part(document):
    return base64.urlsafe_b64encode(json.dumps(document).encode()).rstrip(b"=").decode()


def signed_by_another(token):
    header = jwt.get_unverified_header(token)
    claims = jwt.decode(token, options={"verify_signature": False})
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return jwt.encode(claims, key, "RS256", headers=header)


def test_a_header_is_believed(ask, server):
    ada = UserFactory()
    state = ask(**bearer(token(user=ada)))
    assert state.is_signed_in
    assert (state.payload["sub"], state.payload["azp"]) == (ada.pk, ORIGIN)


def test_a_cookie_is_believed(ask, server):
    assert ask(Cookie=f"__client_uat=1; __session={token()}").is_signed_in


def test_a_request_without_a_token_is_nobodys(ask):
    assert ask().reason is AuthErrorReason.SESSION_TOKEN_MISSING


def test_the_keys_may_be_asked_for(verify, server):
    assert verify(token(), authorized_parties=[ORIGIN])["sid"] == "sess_1"


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda good: token(age=timedelta(seconds=66)), REASONS.TOKEN_EXPIRED),
        (lambda good: rewritten(good, sub="user_2"), REASONS.TOKEN_INVALID_SIGNATURE),
        (signed_by_another, REASONS.TOKEN_INVALID_SIGNATURE),
        (lambda good: rewritten(good, header={"alg": "none"}), REASONS.TOKEN_INVALID),
        (lambda good: good.rpartition(".")[0] + ".", REASONS.TOKEN_INVALID_SIGNATURE),
    ],
    ids=["expired", "tampered", "signed by another", "signed by nobody", "without a signature"],
)
def test_what_is_not_as_we_signed_it_is_refused(ask, verify, server, spoil, reason):
    bad = spoil(token())
    state = ask(**bearer(bad))
    assert not state.is_signed_in
    assert state.reason is reason
    with pytest.raises(TokenVerificationError) as refused:
        verify(bad)
    assert refused.value.reason is reason


@pytest.mark.parametrize("origin", ["https://other.example.com", ""])
def test_a_token_for_pages_of_another_origin_is_refused(ask, verify, server, origin):
    elsewhere = token(origin=origin)
    assert ask(**bearer(elsewhere)).reason is REASONS.TOKEN_INVALID_AUTHORIZED_PARTIES
    with pytest.raises(TokenVerificationError):
        verify(elsewhere, authorized_parties=[ORIGIN])


def test_the_last_token_of_an_ended_session_is_dead_after_a_minute(ask, verify, server):
    """The SDK allows a verifier's clock to differ by 5 s."""
    assert verify(token(age=timedelta(seconds=58)))
    with pytest.raises(TokenVerificationError):
        verify(token(age=timedelta(seconds=66)))
    with pytest.raises(TokenVerificationError):
        verify(token(age=timedelta(seconds=61)), clock_skew_in_ms=0)


def test_tokens_of_the_old_key_and_of_the_new_are_believed_after_a_rotation(verify, server):
    before = token()
    SigningKey.objects.rotate()
    after = token()
    assert jwt.get_unverified_header(before)["kid"] != jwt.get_unverified_header(after)["kid"]
    assert verify(before)["sid"] == verify(after)["sid"] == "sess_1"


def test_a_running_server_signs_with_the_new_key_at_once(clerk, address, verify, visitor):
    user = clerk.users.create(email_address=[address()], password=PASSWORD)
    said = {"identifier": user.email_addresses[0].email_address, "password": PASSWORD}
    session = visitor.post("client/sign_ins", data=said).json()["response"]["created_session_id"]

    def fresh():
        return visitor.post(f"client/sessions/{session}/tokens").json()["jwt"]

    before = fresh()
    new = SigningKey.objects.rotate()
    assert jwt.get_unverified_header(before)["kid"] != new.kid
    assert jwt.get_unverified_header(after := fresh())["kid"] == new.kid
    assert verify(before)["sid"] == verify(after)["sid"] == session

"""A thief has the security key, but neither its PIN nor the owner's finger: the key must not sign in alone."""

import json
import time
from secrets import token_bytes

import pytest
import time_machine
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2.cose import ES256
from fido2.utils import sha256, websafe_decode, websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
RP, ORIGIN = "testserver", "https://testserver"
PRESENT = AuthenticatorData.FLAG.UP  # touched, but the owner was not verified


class Key:
    """A security key, and the data that a site stores about it."""

    def __init__(self, user, *, flags=PRESENT):
        self.user, self.id, self._flags = user, token_bytes(16), flags
        self._private = ec.generate_private_key(ec.SECP256R1())
        cose = ES256.from_cryptography_key(self._private.public_key())
        held = AttestedCredentialData.create(Aaguid(bytes(16)), self.id, cose)
        flags = PRESENT | AuthenticatorData.FLAG.AT
        data = AuthenticatorData.create(sha256(RP.encode()), flags, 0, held)
        said = CollectedClientData.create("webauthn.create", token_bytes(32), ORIGIN)
        credential = {
            "id": websafe_encode(self.id),
            "rawId": websafe_encode(self.id),
            "type": "public-key",
            "response": {
                "clientDataJSON": websafe_encode(said),
                "attestationObject": websafe_encode(AttestationObject.create("none", data, {})),
            },
            "clientExtensionResults": {},
        }
        Authenticator.objects.create(
            user=user, type="webauthn", data={"name": "Key", "credential": credential}
        )

    def answer(self, challenge):
        """Sign a challenge. The signature does not cover the user handle."""
        data = AuthenticatorData.create(sha256(RP.encode()), self._flags, 1)
        said = CollectedClientData.create("webauthn.get", challenge, ORIGIN)
        signature = self._private.sign(data + said.hash, ec.ECDSA(SHA256()))
        handle = user_pk_to_url_str(self.user).encode()
        response = {
            "clientDataJSON": websafe_encode(said),
            "authenticatorData": websafe_encode(data),
            "signature": websafe_encode(signature),
            "userHandle": websafe_encode(handle),
        }
        return json.dumps(
            {
                "id": websafe_encode(self.id),
                "rawId": websafe_encode(self.id),
                "type": "public-key",
                "response": response,
                "clientExtensionResults": {},
            }
        )


def ask(client):
    headers = {"Accept": "application/json", "X-Requested-With": "XMLHttpRequest"}
    client.get("/sign-in/passkey", headers=headers)


def challenge(client):
    state = client.session["mfa.webauthn.state"]
    return websafe_decode(state["challenge"])


def test_a_key_with_its_pin_signs_in_alone(client):
    key = Key(UserFactory(admin=True), flags=PRESENT | AuthenticatorData.FLAG.UV)
    ask(client)
    client.post("/sign-in/passkey", {"credential": key.answer(challenge(client))})
    assert client.get("/account").status_code == 200


def test_a_touched_key_alone_is_refused(client):
    stolen = Key(UserFactory(admin=True))
    ask(client)
    client.post("/sign-in/passkey", {"credential": stolen.answer(challenge(client))})
    assert client.get("/account").status_code == 302


def test_nor_with_the_challenge_of_the_thiefs_own_second_factor(client):
    """The thief's own account uses its key as a second factor, without a PIN. The stolen key signs that challenge, and
    the thief posts the result to the passkey sign-in.
    """
    stolen = Key(UserFactory(admin=True))
    thief = UserFactory(email_address="eve@example.com")
    Key(thief)
    answer = client.post("/sign-in", {"login": "eve@example.com", "password": PASSWORD})
    assert answer["Location"] == "/sign-in/second-factor"
    client.get("/sign-in/second-factor")
    response = stolen.answer(challenge(client))
    # For 15 minutes allauth redirects back to the second factor; the challenge lasts as long as the session.
    with time_machine.travel(time.time() + 16 * 60, tick=True):
        client.post("/sign-in/passkey", {"credential": response})
        assert client.get("/keys").status_code != 200, "signed in as an admin by a touch"

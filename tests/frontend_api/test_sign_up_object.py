"""The fields of a SignUp object and of the session that it opens."""

import time

import pytest

from tests.factories import PASSWORD
from tests.frontend_api.signing_up import begin, ticket_for

pytestmark = pytest.mark.django_db
VERIFIED = {
    "status": "verified",
    "strategy": "ticket",
    "attempts": None,
    "expire_at": None,
    "next_action": "",
    "supported_strategies": ["email_code"],
}


def test_a_sign_up_looks_as_the_contract_says(browser):
    ticket = ticket_for(public_metadata={"role": "editor"})
    told = begin(browser, strategy="ticket", ticket=ticket).json()["response"]
    assert told.pop("id").startswith("sua_")
    assert 23 * 3600_000 < told.pop("abandon_at") - time.time() * 1000 < 25 * 3600_000
    nothing = [
        *["username", "phone_number", "web3_wallet", "first_name", "last_name", "external_id"],
        *["created_session_id", "created_user_id", "legal_accepted_at", "locale", "timezone"],
    ]
    assert told == {
        "object": "sign_up_attempt",
        "status": "missing_requirements",
        "required_fields": ["email_address", "password"],
        "optional_fields": ["first_name", "last_name"],
        "missing_fields": ["password"],
        "unverified_fields": [],
        "verifications": {
            "email_address": VERIFIED,
            "phone_number": None,
            "web3_wallet": None,
            "external_account": None,
        },
        "email_address": "ada@example.com",
        "password_enabled": False,
        "has_password": False,
        "unsafe_metadata": {},
        "public_metadata": {"role": "editor"},
        "custom_action": False,
        **dict.fromkeys(nothing),
    }


def test_a_session_looks_as_the_contract_says(browser):
    [session] = begin(browser, ticket=ticket_for(), password=PASSWORD).json()["client"]["sessions"]
    public = session["public_user_data"]
    assert {name: session[name] for name in ("last_active_organization_id", "actor", "tasks")} == {
        "last_active_organization_id": None,
        "actor": None,
        "tasks": None,
    }
    assert (public["image_url"], public["has_image"]) == ("", False)
    assert "private_metadata" not in session["user"]

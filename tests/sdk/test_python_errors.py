"""Which error the Python SDK raises: ClerkErrors for statuses that it knows for an operation, else SDKError."""

import pytest

from tests.factories import InvitationFactory, SecretKeyFactory, UserFactory

UNKNOWN = "inv_0000000000000000000000000000"[:31]


# --- Typed errors: those that an operation declares -------------------------------------------------


def test_a_pending_invitation_is_a_typed_400(clerk, refused, address):
    to = address()
    clerk.invitations.create(request={"email_address": to})
    [fault] = refused(400, lambda: clerk.invitations.create(request={"email_address": to}))
    assert (fault["code"], fault["meta"]) == ("duplicate_record", {"email_addresses": [to]})


def test_the_address_of_a_user_is_a_typed_422(clerk, refused):
    UserFactory(email_address="known.to.python@example.com")
    body = {"email_address": "known.to.python@example.com"}
    [fault] = refused(422, lambda: clerk.invitations.create(request=body))
    assert fault["code"] == "form_identifier_exists"
    assert fault["meta"] == {"param_name": "email_address"}


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"email_address": ""}, "form_param_nil"),
        ({"email_address": "ada"}, "form_param_format_invalid"),
        ({"email_address": "ada@example.com, grace@example.com"}, "form_param_format_invalid"),
        ({"redirect_url": "/welcome"}, "form_param_format_invalid"),
        (
            {"redirect_url": "https://app.example.com/?__clerk_ticket=x"},
            "form_param_format_invalid",
        ),
        ({"expires_in_days": 0}, "form_param_value_invalid"),
        ({"expires_in_days": 366}, "form_param_value_invalid"),
        ({"public_metadata": {"text": "x" * 8192}}, "form_param_exceeds_allowed_size"),
        ({"public_metadata": {"number": 2**53}}, "form_param_value_invalid"),
    ],
)
def test_a_bad_parameter_is_a_typed_422_that_names_it(clerk, refused, address, fields, code):
    body = {"email_address": address(), **fields}
    [fault] = refused(422, lambda: clerk.invitations.create(request=body))
    assert (fault["code"], fault["meta"]["param_name"]) == (code, *fields)


def test_all_bad_parameters_come_in_one_error(clerk, refused):
    body = {"email_address": "ada", "redirect_url": "x", "expires_in_days": -1}
    faults = refused(422, lambda: clerk.invitations.create(request=body))
    assert {each["meta"]["param_name"] for each in faults} == {*body}


def test_no_request_at_all_is_a_missing_address(clerk, refused):
    [fault] = refused(422, lambda: clerk.invitations.create())
    assert (fault["code"], clerk.sent[0].body) == ("form_param_missing", None)


@pytest.mark.parametrize("state", ["revoked", "accepted"])
def test_a_revoke_of_what_is_closed_is_a_typed_400(clerk, refused, address, state):
    invitation = InvitationFactory(email_address=address(), **{state: True})
    [fault] = refused(400, lambda: clerk.invitations.revoke(invitation_id=invitation.id))
    assert fault["code"] == f"invitation_already_{state}"


@pytest.mark.parametrize("invitation_id", [UNKNOWN, "inv_1", "user_1", "ä", "a b", "%"])
def test_a_revoke_of_what_is_unknown_is_a_typed_404(clerk, refused, invitation_id):
    [fault] = refused(404, lambda: clerk.invitations.revoke(invitation_id=invitation_id))
    assert fault["code"] == "resource_not_found"


def test_a_revoke_of_an_empty_id_is_an_unknown_path(clerk, refused):
    [fault] = refused(404, lambda: clerk.invitations.revoke(invitation_id=""))
    assert (clerk.sent[0].target, fault["code"]) == (
        "/v1/invitations//revoke",
        "resource_not_found",
    )


# --- Untyped errors ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "options",
    [
        {"limit": 0},
        {"limit": 501},
        {"offset": -1},
        {"order_by": "status"},
        {"order_by": "--created_at"},
        {"query": "\0"},
    ],
)
def test_a_bad_option_of_a_list_is_an_untyped_422(clerk, refused, options):
    [fault] = refused(422, lambda: clerk.invitations.list(**options), typed=False)
    assert fault["code"] == "form_param_value_invalid"
    assert fault["meta"] == {"param_name": next(iter(options))}


@pytest.mark.parametrize("key", ["sk_test_unknown", "pk_test_x", "not a key"])
def test_a_wrong_key_is_an_untyped_401(connect, refused, key):
    [fault] = refused(401, lambda: connect(key).invitations.list(), typed=False)
    assert fault["code"] == "clerk_key_invalid"


def test_no_key_is_an_untyped_401(connect, refused):
    [fault] = refused(401, lambda: connect(None).invitations.list(), typed=False)
    assert fault["code"] == "authorization_header_format_invalid"


def test_a_revoked_key_is_an_untyped_401(connect, refused):
    key = SecretKeyFactory()
    connect(key.raw).invitations.list()
    key.revoke(by=UserFactory(admin=True))
    [fault] = refused(401, lambda: connect(key.raw).invitations.list(), typed=False)
    assert fault["code"] == "clerk_key_invalid"


def test_a_body_that_is_too_large_is_an_untyped_413(clerk, refused, address):
    body = {"email_address": address(), "public_metadata": {"text": "x" * 300_000}}
    [fault] = refused(413, lambda: clerk.invitations.create(request=body), typed=False)
    assert fault["code"] == "request_body_too_large"


def test_what_ollio_never_has_is_not_found(clerk, refused):
    [fault] = refused(404, lambda: clerk.jwt_templates.list(), typed=False)
    assert fault["code"] == "resource_not_found"


# --- What all errors have in common -----------------------------------------------------------------


def test_a_refused_request_is_sent_once(clerk, refused):
    refused(422, lambda: clerk.invitations.create(request={"email_address": "ada"}))
    assert (len(clerk.sent), clerk.got) == (1, [422])


def test_an_error_tells_its_trace_id_twice(clerk):
    with pytest.raises(Exception, match="trace") as raised:
        clerk.invitations.create(request={"email_address": "ada"})
    answer = raised.value.raw_response
    assert answer.json()["clerk_trace_id"] == answer.headers["X-Trace-Id"]


def test_after_every_error_the_next_call_works(clerk, refused, address):
    refused(422, lambda: clerk.invitations.create(request={"email_address": "ada"}))
    assert clerk.invitations.create(request={"email_address": address()}).id

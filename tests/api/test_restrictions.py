"""GET and PATCH /v1/instance/restrictions: who may sign up."""

import pytest

from accounts.models import Application, User
from invitations.models import Event
from tests.factories import PASSWORD

OFF = {
    "allowlist": False,
    "blocklist": False,
    "allowlist_blocklist_disabled_on_sign_in": False,
    "block_email_subaddresses": False,
    "block_disposable_email_domains": False,
    "ignore_dots_for_gmail_addresses": False,
}
SHOWN = {"object": "instance_restrictions", **OFF, "sign_up_mode": "public"}
PATH = "/v1/instance/restrictions"


def change(api, body):
    return api.patch(PATH, body, content_type="application/json")


def mode():
    return Application.objects.current().sign_up_mode


def test_restrictions_are_shown(api):
    assert api.get(PATH).json() == SHOWN


def test_sign_up_is_restricted_and_opened_again(api):
    answer = change(api, {"sign_up_mode": "restricted"})
    assert answer.json() == {**SHOWN, "sign_up_mode": "restricted"} == api.get(PATH).json()
    assert Event.objects.get(kind="settings_changed").actor_id == api.key.id
    assert change(api, {"sign_up_mode": "public"}).json() == SHOWN


def test_a_change_of_mode_binds_forms_that_are_open_already(api, stranger):
    said = {"email_address": "eve@example.com", "password": PASSWORD}
    stranger.get("/sign-up")
    change(api, {"sign_up_mode": "restricted"})
    stranger.post("/sign-up", said)
    stranger.post("/sign-up/code", {"code": "000000"})
    assert not User.objects.exists()
    assert "invitation" in stranger.get("/sign-up").text


def test_a_code_mailed_before_the_change_makes_nobody_a_user(api, stranger):
    Application.objects.current().change(by=None, test_mode=True)
    address = "eve+clerk_test@example.com"
    stranger.post("/sign-up", {"email_address": address, "password": PASSWORD})
    change(api, {"sign_up_mode": "restricted"})
    stranger.post("/sign-up/code", {"code": "424242"})
    assert not User.objects.exists()


@pytest.mark.parametrize("body", ["", "{}", OFF, dict.fromkeys([*OFF, "sign_up_mode"])])
def test_what_is_off_or_not_said_changes_nothing(api, body):
    change(api, {"sign_up_mode": "restricted"})
    assert change(api, body).json() == {**SHOWN, "sign_up_mode": "restricted"}


@pytest.mark.parametrize("name", OFF)
def test_what_is_not_built_cannot_be_switched_on(api, faults, name):
    assert faults(change(api, {name: True})) == (422, [("form_param_value_invalid", name)])


@pytest.mark.parametrize("said", ["waitlist", "", "open", "PUBLIC", 1, [], {}])
def test_no_other_mode_is_taken(api, faults, said):
    expected = (422, [("form_param_value_invalid", "sign_up_mode")])
    assert faults(change(api, {"sign_up_mode": said})) == expected
    assert mode() == "public"


@pytest.mark.parametrize(
    ("now", "said"), [("restricted", {}), ("public", {"sign_up_mode": "restricted"})]
)
def test_an_allowlist_is_for_public_mode(api, faults, now, said):
    change(api, {"sign_up_mode": now})
    expected = (422, [("sign_up_mode_restricted_invalid_value", "allowlist")])
    assert faults(change(api, {"allowlist": True, **said})) == expected
    assert mode() == now


def test_the_mode_that_results_counts(api, faults):
    change(api, {"sign_up_mode": "restricted"})
    said = {"allowlist": True, "sign_up_mode": "public"}
    assert faults(change(api, said)) == (422, [("form_param_value_invalid", "allowlist")])
    assert mode() == "restricted"


def test_all_faults_are_told_at_once(api, faults):
    said = {"sign_up_mode": "waitlist", "blocklist": "no", "allow_list": False}
    assert set(faults(change(api, said))[1]) == {
        ("form_param_value_invalid", "sign_up_mode"),
        ("form_param_value_invalid", "blocklist"),
        ("form_param_unknown", "allow_list"),
    }


@pytest.mark.parametrize("said", [1, 0, "true", "", []])
def test_no_type_is_bent(api, faults, said):
    assert faults(change(api, {"blocklist": said}))[0] == 422


def test_nothing_changes_without_a_key(nobody):
    assert nobody.get(PATH).status_code == 401
    assert change(nobody, {"sign_up_mode": "restricted"}).status_code == 401
    assert mode() == "public"

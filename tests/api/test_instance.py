"""GET and PATCH /v1/instance."""

import pytest

from accounts.models import Application
from invitations.models import Event

SAID = {
    "allowed_origins": ["https://app.example.com"],
    "redirect_origins": ["https://APP.example.com/", "http://localhost:3000"],
    "support_email": "Help@Example.com ",
    "test_mode": True,
}


def change(api, body, query=""):
    return api.patch(f"/v1/instance{query}", body, content_type="application/json")


def stored():
    application = Application.objects.current()
    return application.redirect_origins, application.support_address, application.is_in_test_mode


def test_the_instance_says_what_it_is(api):
    assert api.get("/v1/instance").json() == {
        "object": "instance",
        "id": Application.objects.current().instance_id,
        "environment_type": "production",
        "allowed_origins": [],
        "workspace_id": None,
        "redirect_origins": [],
        "sign_up_mode": "public",
    }


def test_in_development_it_says_so(api, settings):
    settings.DEBUG = True
    assert api.get("/v1/instance").json()["environment_type"] == "development"


def test_what_is_said_takes_effect(api):
    answer = change(api, SAID)
    assert (answer.status_code, answer.content) == (204, b"")
    shown = api.get("/v1/instance").json()
    assert shown["allowed_origins"] == ["https://app.example.com"]
    assert shown["redirect_origins"] == ["https://app.example.com", "http://localhost:3000"]
    assert stored()[1:] == ("help@example.com", True)
    event = Event.objects.get(kind="settings_changed")
    assert (event.actor_type, event.actor_id) == ("secret_key", api.key.id)


def test_an_answer_without_a_body_has_no_type_and_the_headers_of_all(api):
    answer = change(api, SAID)
    assert "Content-Type" not in answer
    assert answer["Cache-Control"] == "no-store"
    assert answer["X-Trace-Id"]


@pytest.mark.parametrize("body", ["", "{}", {"test_mode": None, "redirect_origins": None}])
def test_what_is_not_said_stays(api, body):
    change(api, SAID)
    before = stored()
    assert change(api, body).status_code == 204
    assert stored() == before


def test_an_empty_list_opens_all_origins_again(api):
    change(api, SAID)
    change(api, {"redirect_origins": []})
    assert stored() == ([], "help@example.com", True)


def test_settings_of_clerks_are_accepted_without_effect(api):
    answer = change(
        api,
        {
            "hibp": True,
            "clerk_js_version": "6",
            "development_origin": "http://localhost:3000",
            "cookieless_dev": True,
            "url_based_session_syncing": True,
            "preferred_sign_in_strategy_when_password_required": "password",
        },
    )
    assert answer.status_code == 204
    assert not Event.objects.filter(kind="settings_changed").exists()


@pytest.mark.parametrize("name", ["redirect_origins", "allowed_origins"])
@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("https://app.example.com", "form_param_value_invalid"),
        ({"a": 1}, "form_param_value_invalid"),
        ([1], "form_param_value_invalid"),
        ([None], "form_param_value_invalid"),
        ([""], "form_param_format_invalid"),
        (["*"], "form_param_format_invalid"),
        (["https://*.example.com"], "form_param_format_invalid"),
        (["https://app.example.com/path"], "form_param_format_invalid"),
        (["https://app.example.com?x"], "form_param_format_invalid"),
        (["https://app.example.com#"], "form_param_format_invalid"),
        (["http://app.example.com"], "form_param_format_invalid"),
        (["https://me@app.example.com"], "form_param_format_invalid"),
        (["https://app.example.com:0"], "form_param_format_invalid"),
        (["app.example.com"], "form_param_format_invalid"),
        (["null"], "form_param_format_invalid"),
        (["https://a.example.com", "ftp://b.example.com"], "form_param_format_invalid"),
        (
            [f"https://a{n}.example.com" for n in range(101)],
            "form_param_array_size_exceeded",
        ),
    ],
)
def test_what_is_no_list_of_origins_is_refused(api, faults, name, said, code):
    assert faults(change(api, {name: said, "test_mode": True})) == (422, [(code, name)])
    assert stored() == ([], "", False)


def test_the_fault_names_the_entry(api):
    answer = change(api, {"redirect_origins": ["https://ok.example", "https://bad.example/x"]})
    assert "https://bad.example/x" in answer.json()["errors"][0]["long_message"]


def test_each_origin_is_kept_once_in_its_normal_form(api):
    said = ["https://münchen.example:443", "https://xn--mnchen-3ya.example/", "http://[::1]:80"]
    change(api, {"redirect_origins": said})
    assert stored()[0] == ["https://xn--mnchen-3ya.example", "http://[::1]"]


@pytest.mark.parametrize("said", ["", "help", "help@", "a@b@c.example", "hélp@example.com"])
def test_a_support_address_is_an_address(api, faults, said):
    expected = (422, [("form_param_format_invalid", "support_email")])
    assert faults(change(api, {"support_email": said})) == expected


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("test_mode", 1),
        ("test_mode", "true"),
        ("support_email", 5),
        ("hibp", "yes"),
        ("clerk_js_version", 6),
        ("development_origin", []),
        ("cookieless_dev", 0),
        ("url_based_session_syncing", "false"),
        ("preferred_sign_in_strategy_when_password_required", True),
    ],
)
def test_no_type_is_bent(api, faults, name, said):
    assert faults(change(api, {name: said})) == (422, [("form_param_value_invalid", name)])


def test_unknown_settings_are_refused(api, faults):
    unknown = [("form_param_unknown", "sign_up_mode")]
    assert faults(change(api, {"sign_up_mode": "restricted"})) == (422, unknown)
    assert faults(change(api, {}, "?test_mode=1")) == (422, [("form_param_unknown", "test_mode")])
    assert faults(change(api, {"name": "X"})) == (422, [("form_param_unknown", "name")])


def test_the_api_and_the_settings_page_agree(api, admin):
    change(api, SAID)
    form = admin.get("/settings").context["form"]
    assert form["redirect_origins"].value() == "https://app.example.com\nhttp://localhost:3000"
    assert form["support_address"].value() == "help@example.com"
    assert "Invitations may lead anywhere" not in admin.get("/settings").text


def test_the_list_of_origins_binds_invitations_at_once(api):
    change(api, SAID)
    asked = {"email_address": "ada@example.com", "redirect_url": "https://evil.example/x"}
    assert api.post("/v1/invitations", asked).status_code == 422
    asked["redirect_url"] = "https://app.example.com/x"
    assert api.post("/v1/invitations", asked).status_code == 200


def test_nothing_is_told_or_changed_without_a_key(nobody):
    assert nobody.get("/v1/instance").status_code == 401
    assert change(nobody, SAID).status_code == 401
    assert stored() == ([], "", False)


def test_production_refuses_test_mode_but_for_its_end(api, faults, settings):
    settings.ALLOW_TEST_MODE = False
    refused = change(api, {"test_mode": True, "redirect_origins": ["https://app.example.com"]})
    assert faults(refused) == (422, [("form_param_value_invalid", "test_mode")])
    assert "ALLOW_TEST_MODE=true" in refused.json()["errors"][0]["long_message"]
    assert stored() == ([], "", False)
    assert change(api, {"test_mode": False}).status_code == 204

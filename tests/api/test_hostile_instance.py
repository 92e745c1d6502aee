"""Bad values in PATCH /v1/instance and its restrictions: no setting changes."""

import pytest

from accounts.models import Application
from invitations.models import Event
from tests.api import hostile

PATH = "/v1/instance"
FIELDS = {
    "redirect_origins": hostile.BAD_ORIGINS,
    "allowed_origins": hostile.BAD_ORIGINS,
    "support_email": {**hostile.BAD_ADDRESS, '""': hostile.FORMAT, "null": None},
    "test_mode": hostile.BAD_BOOLEAN,
    "hibp": hostile.BAD_BOOLEAN,
    "clerk_js_version": hostile.BAD_TEXT,
}
RESTRICTIONS = [
    "allowlist",
    "blocklist",
    "block_email_subaddresses",
    "ignore_dots_for_gmail_addresses",
]
MODES = ['""', '"Public"', '"waitlist"', '"restricted "', "1", "true", "[]", '["restricted"]']


@pytest.fixture(autouse=True)
def patience(settings):
    settings.LIMITS = {"requests": 1_000_000}


def patch(api, path=PATH):
    return lambda text: api.patch(path, text)


def stored():
    return Application.objects.values().get()


@pytest.mark.parametrize("field", FIELDS)
def test_no_setting_takes_what_it_must_not(api, field):
    Application.objects.current()
    before = stored()
    table = {text: code for text, code in FIELDS[field].items() if code}
    hostile.refuses(patch(api), dict, field=field, table=table)
    assert stored() == before
    assert not Event.objects.filter(kind="settings_changed").exists()


def test_no_setting_takes_what_is_no_json(api):
    hostile.refuses_what_is_no_json(patch(api), dict, field="redirect_origins")


@pytest.mark.parametrize("name", RESTRICTIONS)
def test_no_restriction_takes_what_it_must_not(api, name):
    send = patch(api, f"{PATH}/restrictions")
    hostile.refuses(send, dict, field=name, table={**hostile.BAD_BOOLEAN, "true": hostile.VALUE})


def test_no_other_mode_is_taken(api):
    send = patch(api, f"{PATH}/restrictions")
    table = dict.fromkeys(MODES, hostile.VALUE)
    hostile.refuses(send, dict, field="sign_up_mode", table=table)
    assert Application.objects.get().sign_up_mode == "public"


def test_no_other_field_of_the_model_can_be_set(api):
    Application.objects.current()
    before = stored()
    known = {*FIELDS, "sign_up_mode"}
    for name in {field.name for field in Application._meta.get_fields()} - known:
        for path in (PATH, f"{PATH}/restrictions"):
            expected = (422, hostile.UNKNOWN, {"param_name": name})
            assert hostile.found(api.patch(path, {name: "hostile"})) == expected
    assert stored() == before


def test_a_body_with_one_bad_setting_changes_none(api):
    Application.objects.current()
    before = stored()
    said = {"redirect_origins": ["https://app.example.com"], "test_mode": "no"}
    assert api.patch(PATH, said).status_code == 422
    said = {"sign_up_mode": "restricted", "blocklist": True}
    assert api.patch(f"{PATH}/restrictions", said).status_code == 422
    assert stored() == before

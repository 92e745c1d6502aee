"""The Python SDK and the instance: settings, restrictions and keys."""

import pytest
from clerk_backend_api.models import InstanceObject

from accounts.models import Application

RESTRICTIONS = (
    "allowlist",
    "blocklist",
    "allowlist_blocklist_disabled_on_sign_in",
    "block_email_subaddresses",
    "block_disposable_email_domains",
)


@pytest.fixture
def update(clerk):
    return lambda **fields: clerk.instance_settings.update(request=fields)


@pytest.fixture
def restrict(clerk):
    return lambda **fields: clerk.instance_settings.update_restrictions(request=fields)


def test_the_instance_has_its_settings(clerk):
    instance = clerk.instance_settings.get()
    assert instance.object is InstanceObject.INSTANCE
    assert instance.id.startswith("ins_")
    assert instance.environment_type in {"development", "production"}
    assert clerk.sent[0].target == "/v1/instance"


def test_an_update_answers_nothing(clerk, update):
    assert update(allowed_origins=["https://app.example.com"]) is None
    assert clerk.got == [204]


def test_an_update_sends_the_keys_given(clerk, update):
    update(test_mode=True, support_email="help@example.com")
    assert clerk.sent[0].body == {"test_mode": True, "support_email": "help@example.com"}


def test_allowed_origins_are_replaced_as_a_whole(clerk, update):
    update(allowed_origins=["https://one.example.com", "https://two.example.com:8443"])
    update(allowed_origins=["https://two.example.com:8443"])
    assert clerk.instance_settings.get().allowed_origins == ["https://two.example.com:8443"]


def test_what_is_not_given_stays(clerk, update):
    update(allowed_origins=["https://stays.example.com"])
    update(test_mode=False)
    assert clerk.instance_settings.get().allowed_origins == ["https://stays.example.com"]


def test_the_support_address_takes_effect(update):
    update(support_email="Help.Me@Example.com")
    assert Application.objects.current().support_address == "help.me@example.com"


@pytest.mark.parametrize("given", [True, False])
def test_test_mode_takes_effect(update, given):
    update(test_mode=given)
    assert Application.objects.current().test_mode is given


@pytest.mark.parametrize(
    "fields",
    [
        {"hibp": True},
        {"clerk_js_version": "6"},
        {"development_origin": "http://localhost:3000"},
        {"cookieless_dev": True},
        {"url_based_session_syncing": True},
        {"preferred_sign_in_strategy_when_password_required": "password"},
        {"hibp": None, "support_email": None, "test_mode": None},
    ],
)
def test_settings_without_effect_are_accepted(clerk, update, fields):
    update(**fields)
    assert (clerk.sent[0].body, clerk.got) == (fields, [204])


@pytest.mark.parametrize(
    "fields",
    [
        {"allowed_origins": ["not an origin"]},
        {"allowed_origins": ["https://app.example.com/path"]},
        {"support_email": "nobody"},
    ],
)
def test_a_bad_setting_is_a_typed_422(update, refused, fields):
    [fault] = refused(422, lambda: update(**fields))
    assert fault["meta"] == {"param_name": next(iter(fields))}


def test_restrictions_are_all_off(restrict):
    answer = restrict()
    assert answer.object.value == "instance_restrictions"
    assert {getattr(answer, name) for name in RESTRICTIONS} == {False}


def test_a_null_restriction_is_left_as_it_is(clerk, restrict):
    restrict(allowlist=None, blocklist=None)
    assert (clerk.sent[0].body, clerk.got) == ({"allowlist": None, "blocklist": None}, [200])


@pytest.mark.parametrize("name", RESTRICTIONS)
def test_a_restriction_may_be_switched_off(restrict, name):
    assert getattr(restrict(**{name: False}), name) is False


@pytest.mark.parametrize("name", RESTRICTIONS[1:])
def test_a_restriction_that_is_not_built_is_a_typed_422(restrict, refused, name):
    [fault] = refused(422, lambda: restrict(**{name: True}))
    assert (fault["code"], fault["meta"]) == ("form_param_value_invalid", {"param_name": name})


def test_an_allowlist_outside_public_mode_is_a_typed_422(restrict, refused):
    Application.objects.filter(pk=1).update(sign_up_mode="restricted")
    [fault] = refused(422, lambda: restrict(allowlist=True))
    assert fault["code"] == "sign_up_mode_restricted_invalid_value"


def test_the_keys_are_a_key_set(clerk):
    [key, *_older] = clerk.jwks.get_jwks().keys
    assert (key.kty, key.use, key.alg, key.e) == ("RSA", "sig", "RS256", "AQAB")
    assert key.kid.startswith("ins_")
    assert len(key.n) > 340


def test_what_is_wrong_with_the_key_is_an_untyped_401(connect, refused):
    unknown = connect("sk_test_unknown")
    refused(401, unknown.instance_settings.get, typed=False)
    refused(401, unknown.jwks.get_jwks, typed=False)

"""Which values each field of POST /v1/invitations accepts."""

import pytest

from accounts.models import Application

DAY = 86_400_000


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("Jane.Doe@Example.COM", "jane.doe@example.com"),
        (" jane@example.com\t", "jane@example.com"),
        ("jane+beta@example.com", "jane+beta@example.com"),
        ("jane@münchen.example", "jane@xn--mnchen-3ya.example"),
        ("jane@xn--mnchen-3ya.example", "jane@xn--mnchen-3ya.example"),
        ("=1+1@example.com", "=1+1@example.com"),
        ("{{9*9}}@example.com", "{{9*9}}@example.com"),
        ("a" * 64 + "@example.com", "a" * 64 + "@example.com"),
    ],
)
def test_good_addresses(api, typed, stored):
    assert api.create(typed).json()["email_address"] == stored


@pytest.mark.parametrize(
    "typed",
    [
        "jıll@example.org",
        "jane@example.com\u200b",
        "jane@example.com\r\nBcc: eve@example.net",
        "jane@example.com, eve@example.net",
        "Jane <jane@example.com>",
        '"jane"@example.com',
        "jane@[10.0.0.1]",
        "jane@example.org.",
        "jane@localhost",
        "jane",
        " ",
        "jane@example.com\0",
        "jane@example.com\ud800",
        "a" * 65 + "@example.com",
        "jane@" + "a." * 30_000 + "com",
    ],
)
def test_bad_addresses(api, faults, typed):
    assert faults(api.create(typed)) == (422, [("form_param_format_invalid", "email_address")])


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("https://www.example.com/accept-invitation", "https://www.example.com/accept-invitation"),
        ("https://app.example.com/hi?plan=pro#top", "https://app.example.com/hi?plan=pro#top"),
        ("HTTPS://App.Example.COM:443/x", "https://app.example.com/x"),
        ("http://localhost:5173/cb", "http://localhost:5173/cb"),
    ],
)
def test_good_targets(api, given, stored):
    assert api.create(redirect_url=given).json()["redirect_url"] == stored


@pytest.mark.parametrize(
    "given",
    [
        "",
        "//evil.example/a",
        "https:/evil.example/a",
        "https://app.example.com\\@evil.example/a",
        "https://app.example.com@evil.example/a",
        "https://app.example.com%2eevil.example/a",
        "JavaScript:fetch('/')",
        "https://3232235777/",
        "http://www.example.com/",
        "https://www.example.com/?__clerk_ticket=x",
        "https://www.example.com/" + "a" * 2048,
    ],
)
def test_bad_targets(api, faults, given):
    assert faults(api.create(redirect_url=given)) == (
        422,
        [("form_param_format_invalid", "redirect_url")],
    )


def test_with_a_list_of_origins_only_those_and_the_hosted_pages_pass(api, faults):
    Application.objects.current()
    Application.objects.update(redirect_origins=["https://app.example.com"])
    foreign = api.create("a@b.example", redirect_url="https://app.example.com.evil.example/")

    assert faults(foreign) == (422, [("form_param_value_invalid", "redirect_url")])
    assert api.create("a@b.example", redirect_url="https://app.example.com/x").status_code == 200
    assert (
        api.create("c@d.example", redirect_url="http://localhost:8000/sign-up").status_code == 200
    )


@pytest.mark.parametrize(
    "metadata",
    [
        {"is_superuser": True, "role": "owner"},
        {"note": "</script><svg onload=alert(2)>"},
        {"nested": {"null": None, "list": [1, 2.5, "ü", {}]}, "": ""},
        {"k": 2**53 - 1},
    ],
)
def test_metadata_comes_back_unchanged(api, metadata):
    assert api.create(public_metadata=metadata).json()["public_metadata"] == metadata
    assert api.get("/v1/invitations").json()[0]["public_metadata"] == metadata


def _levels(count):
    return '{"k":' * count + "1" + "}" * count


@pytest.mark.parametrize(
    ("metadata", "code"),
    [
        ('{"k":"\\u0000"}', "form_param_value_invalid"),
        ('{"k":"\\ud800"}', "form_param_value_invalid"),
        ('{"k":1e999}', "form_param_value_invalid"),
        ('{"k":9007199254740992}', "form_param_value_invalid"),
        ('{"k":' + "9" * 5000 + "}", "form_param_value_invalid"),
        (_levels(11), "form_param_value_invalid"),
        ("{" + ",".join(f'"{n}":1' for n in range(101)) + "}", "form_param_value_invalid"),
        ('{"k":"' + "é" * 4093 + '"}', "form_param_exceeds_allowed_size"),
    ],
)
def test_metadata_that_cannot_be_kept_is_refused(api, faults, metadata, code):
    answer = api.post(
        "/v1/invitations", f'{{"email_address":"ada@example.com","public_metadata":{metadata}}}'
    )
    assert faults(answer) == (422, [(code, "public_metadata")])


def test_metadata_of_8_kib_and_ten_levels_is_kept(api):
    assert api.create("a@b.example", public_metadata={"k": "é" * 4092}).status_code == 200
    answer = api.post(
        "/v1/invitations", f'{{"email_address":"c@d.example","public_metadata":{_levels(10)}}}'
    )
    assert answer.status_code == 200


@pytest.mark.parametrize("days", [1, 30, 365])
def test_an_invitation_lives_as_many_days_as_asked(api, days):
    answer = api.create(expires_in_days=days).json()
    assert answer["expires_at"] - answer["created_at"] == days * DAY


@pytest.mark.parametrize(
    "days", ["0", "366", "-1", "888888888", "3e1", "true", "99999999999999999999"]
)
def test_other_numbers_of_days_are_refused(api, faults, days):
    answer = api.post(
        "/v1/invitations", f'{{"email_address":"ada@example.com","expires_in_days":{days}}}'
    )
    assert faults(answer) == (422, [("form_param_value_invalid", "expires_in_days")])


def test_the_template_is_one_of_two(api, faults):
    assert (
        api.create(template_slug="waitlist_invitation").json()["template_slug"]
        == "waitlist_invitation"
    )
    assert faults(api.create(template_slug="x")) == (
        422,
        [("form_param_value_invalid", "template_slug")],
    )

import pytest

from invitations.origins import clean_origin
from invitations.targets import InvalidTarget, clean_target, is_allowed


@pytest.mark.parametrize(
    "given",
    [
        "https://app.example.com/deep/path?x=1",
        "https://APP.example.com:443/",
        "https://other.example:8443/x",
        "http://localhost:3000/x",
        "https://ollio.example/sign-up",
    ],
)
def test_a_target_on_a_listed_origin_or_on_a_hosted_page_passes(given):
    assert clean_target(given, **listed())
    assert is_allowed(given, **listed())


@pytest.mark.parametrize(
    "given",
    [
        "https://app.example.com.evil.example/",
        "https://evil.example/app.example.com",
        "https://sub.app.example.com/",
        "https://example.com/",
        "https://app.example.com:8443/",
        "https://app.example.co/",
        "https://other.example/",
        "http://localhost:3001/",
        "https://localhost:3000/",
        "http://127.0.0.1:3000/",
    ],
)
def test_a_target_on_another_origin_is_refused_with_its_own_code(given):
    with pytest.raises(InvalidTarget) as refusal:
        clean_target(given, **listed())

    assert refusal.value.code == "form_param_value_invalid"
    assert not is_allowed(given, **listed())


def test_an_empty_list_lets_every_origin_pass():
    assert is_allowed("https://anything.example/", origins=[], hosted=[])


def test_a_malformed_target_is_never_allowed():
    assert not is_allowed("javascript:alert(1)", origins=[], hosted=[])


def test_a_malformed_entry_lists_nothing():
    assert not is_allowed(
        "https://a.example/", origins=["https://*.example", "", "*"], hosted=["x"]
    )


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("HTTPS://App.Example.com:443/", "https://app.example.com"),
        ("https://münchen.example:8443", "https://xn--mnchen-3ya.example:8443"),
        ("http://localhost:3000", "http://localhost:3000"),
    ],
)
def test_an_origin_is_brought_into_its_normal_form(given, expected):
    assert clean_origin(given) == expected


@pytest.mark.parametrize(
    "given",
    [
        "",
        "app.example.com",
        "https://*.example.com",
        "https://a.example/x",
        "https://a.example?x",
        "https://a.example/#",
        "http://a.example",
        "null",
        "*",
    ],
)
def test_an_origin_with_more_or_less_than_scheme_host_and_port_is_refused(given):
    with pytest.raises(InvalidTarget):
        clean_origin(given)


def listed():
    origins = ["https://app.example.com", "https://other.example:8443", "http://localhost:3000"]
    return {"origins": origins, "hosted": ["https://ollio.example/sign-in"]}

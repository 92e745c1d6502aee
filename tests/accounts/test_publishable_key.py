"""What Clerk's packages read from the key. tests/sdk/javascript/tokens.mjs shows that they do read it."""

import base64

import pytest

from accounts.publishable_key import cookie_suffix, frontend_api_url, issuer, publishable_key


def host_in(key):
    return base64.b64decode(key.removeprefix("pk_live_") + "==").decode()


def test_the_key_names_the_host(settings):
    settings.BASE_URL = "https://ollio.example.com"
    assert publishable_key() == "pk_live_b2xsaW8uZXhhbXBsZS5jb20k"
    assert host_in(publishable_key()) == "ollio.example.com$"


@pytest.mark.parametrize(
    ("base", "host"),
    [
        ("https://ollio.example.com:8443", "ollio.example.com:8443"),
        ("http://127.0.0.1:8000", "127.0.0.1:8000"),
        ("http://localhost:8000", "localhost.:8000"),
        ("http://localhost", "localhost."),
        ("http://[::1]:8000", "[::1].:8000"),
        ("https://example.com/ollio", "example.com"),
    ],
)
def test_the_issuer_is_the_host_in_the_key(settings, base, host):
    settings.BASE_URL = base
    assert host_in(publishable_key()) == f"{host}$"
    assert issuer() == f"{base.split(':')[0]}://{host}"


@pytest.mark.parametrize(
    ("base", "suffix"),
    [  # as Clerk's own getCookieSuffix() computes it
        ("https://ollio.example.com", "LoGyQxGF"),
        ("http://localhost:8000", "H9QBMPRh"),
        ("http://127.0.0.1:8000", "f5W2gX5N"),
    ],
)
def test_cookies_have_the_suffix_that_clerks_packages_look_for(settings, base, suffix):
    settings.BASE_URL = base
    assert cookie_suffix() == suffix


def test_pages_reach_the_frontend_api_below_the_base_url(settings):
    settings.BASE_URL = "https://ollio.example.com"
    assert frontend_api_url() == "https://ollio.example.com/__clerk"

"""EMAIL_URL and DEFAULT_FROM_EMAIL: which spellings work, and the error for each other one."""

import pytest

from config import usable
from config.checks import mail_password_is_encrypted, mail_provider_exists, proxies_are_counted
from config.usable import Unusable


@pytest.mark.parametrize(
    ("said", "port", "road"),
    [
        ("smtp+tls://u:p@smtp.example.com", 587, "use_tls"),
        ("smtp+tls://u:p@smtp.example.com:2587", 2587, "use_tls"),
        ("smtp+ssl://u:p@smtp.example.com", 465, "use_ssl"),
        ("smtp+ssl://u:p@smtp.example.com:465", 465, "use_ssl"),
        ("smtps://u:p@smtp.example.com", 465, "use_ssl"),
        ("smtps://u:p@smtp.example.com:465/", 465, "use_ssl"),
        ("smtp://u:p@smtp.example.com", 25, None),
        ("smtp://u:p@smtp.example.com:587", 587, None),
    ],
)
def test_the_scheme_says_how_tls_begins_and_the_port(said, port, road):
    server = usable.mail_server(said)
    assert (server["host"], server["port"]) == ("smtp.example.com", port)
    assert [name for name in ("use_tls", "use_ssl") if server[name]] == ([road] if road else [])


@pytest.mark.parametrize(
    ("said", "name", "password"),
    [
        ("smtp://localhost", "", ""),
        ("smtp+tls://u:a%2Fb%40c@[2001:db8::1]:587", "u", "a/b@c"),
        ("smtp+tls://me@example.com:a+b:c@smtp.example.com", "me@example.com", "a+b:c"),
    ],
)
def test_user_and_password_are_read_as_they_were_meant(said, name, password):
    server = usable.mail_server(said)
    assert (server["username"], server["password"]) == (name, password)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("smtps://u:horses@smtp.example.com:587", r"write smtp\+tls://"),
        ("smtp+ssl://u:horses@smtp.example.com:587", r"write smtp\+tls://"),
        ("smtp+tls://u:horses@smtp.example.com:465", r"write smtp\+ssl://"),
        ("smtp://u:horses@smtp.example.com:465", r"write smtp\+ssl://"),
        ("smpt://u:horses@smtp.example.com", "must begin with smtp"),
        ("consolemail://", "must begin with smtp"),
        ("smtp.example.com:587", "must begin with smtp"),
        ("smtp+tls://u:a/horses@smtp.example.com", "percent-encode"),
        ("smtp+tls://u:12/horses@smtp.example.com", "percent-encode"),
        ("smtp+tls://u:a?horses@smtp.example.com", "percent-encode"),
        ("smtp+tls://u:a#horses@smtp.example.com", "percent-encode"),
        ("smtp+tls://u:[horses@smtp.example.com", "percent-encode"),
        ("smtp+tls://u:horses@:587", "must name a host"),
        ("smtp+tls://u:horses@smtp.example.com:70000", "a port from 1 to 65535"),
        ("smtp+tls://u:p@smtp.example.com/horses", "must end after host and port"),
        ("smtp://u:p@smtp.example.com?EMAIL_USE_TLS=True", "must end after host and port"),
    ],
)
def test_other_spellings_are_refused_with_the_mend(said, words):
    with pytest.raises(Unusable, match=words) as fault:
        usable.mail_server(said)
    assert "horses" not in str(fault.value)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("a@example.com", "a@example.com"),
        ("Acme <a@example.com>", "Acme <a@example.com>"),
        ("Acme, Inc. <a@example.com>", '"Acme, Inc." <a@example.com>'),
        ('"Acme, Inc." <a@example.com>', '"Acme, Inc." <a@example.com>'),
        ("Bücher <a@bücher.example>", "Bücher <a@xn--bcher-kva.example>"),
        ("Ollio <ollio@localhost>", "Ollio <ollio@localhost>"),
    ],
)
def test_a_sender_is_an_address_with_a_name_or_without(said, meant):
    assert usable.sender(said) == meant


@pytest.mark.parametrize(
    "said",
    [
        "",
        "Acme",
        "Acme <a>",
        "<>",
        "a@",
        "@example.com",
        "a@b@example.com",
        "a@exa_mple.com",
        "a@x.com, b@x.com",
        "A\n<a@x.com>",
    ],
)
def test_what_is_no_sender_is_refused(said):
    with pytest.raises(Unusable, match="must be one address"):
        usable.sender(said)


@pytest.mark.parametrize(
    ("said", "is_warned"),
    [
        ("smtp://u:p@smtp.example.com", True),
        ("smtp://u:p@10.0.0.7:587", True),
        ("smtp+tls://u:p@smtp.example.com", False),
        ("smtps://u:p@smtp.example.com", False),
        ("smtp://smtp.example.com", False),
        ("smtp://u:p@localhost", False),
        ("smtp://u:p@[::1]:25", False),
        ("smtp://u:p@127.0.0.2", False),
    ],
)
def test_a_password_in_the_clear_to_another_machine_is_warned_of(settings, said, is_warned):
    smtp = {"BACKEND": "invitations.delivery.SMTPBackend", "OPTIONS": usable.mail_server(said)}
    settings.MAILERS = {**settings.MAILERS, "transport": smtp}
    assert [each.id for each in mail_password_is_encrypted()] == ["ollio.W002"] * is_warned


@pytest.mark.parametrize(
    "named", ["anymail.backends.nobody.EmailBackend", "anymail.backends.base", ".postmark", ".."]
)
def test_a_mail_provider_that_is_not_installed_is_told(settings, named):
    assert mail_provider_exists() == []
    settings.MAILERS = {**settings.MAILERS, "transport": {"BACKEND": named}}
    assert [each.id for each in mail_provider_exists()] == ["ollio.E001"]


@pytest.mark.parametrize(
    ("secure", "count", "is_warned"), [(True, 0, True), (True, 1, False), (False, 0, False)]
)
def test_https_without_a_proxy_is_spoken_of(settings, secure, count, is_warned):
    settings.SECURE, settings.TRUSTED_PROXY_COUNT = secure, count
    assert [each.id for each in proxies_are_counted()] == ["ollio.W003"] * is_warned

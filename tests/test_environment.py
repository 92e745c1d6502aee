"""Unusable values in the environment are refused at the start. The error names the variable and says what to write."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import usable
from config.environment import Environment

ROOT = Path(__file__).resolve().parent.parent
RANDOM = "zL0uTqWq0kO1nJ8y-3rX_b5mEwQ2hVt7cPaFgYsDiKjNlRxUoBvMeHZ6"
PRODUCTION = {
    "DEBUG": "false",
    "SECRET_KEY": RANDOM,
    "BASE_URL": "https://ollio.example.com",
    "DATABASE_URL": "sqlite:///:memory:",
}


def start(code, **said):
    return run("-c", f"import config.settings as s; print(({code}))", **said)


def run(*command, **said):
    environment = {**os.environ, **PRODUCTION, **said}
    return subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True
    )


def refused(call, *args, **kwargs):
    with pytest.raises(ImproperlyConfigured) as fault:
        call(*args, **kwargs)
    assert fault.value.__suppress_context__ or fault.value.__context__ is None
    return str(fault.value)


def read(name, reader, said):
    return Environment({name: said}).read(name, reader)


def test_a_start_with_crooked_but_clear_values():
    said = {
        "BASE_URL": "https://[2001:DB8::0:10]/ollio/ ",
        "ALLOWED_HOSTS": "",
        "DEFAULT_FROM_EMAIL": "Acme, Inc. <a@example.com>",
        "EMAIL_URL": "smtp+ssl://u:p@smtp.example.com",
    }
    done = start("s.BASE_URL, s.ALLOWED_HOSTS, s.DEFAULT_FROM_EMAIL, s.SECURE_HSTS_PRELOAD", **said)
    hosts = ("https://[2001:db8::10]/ollio", ["[2001:db8::10]"], '"Acme, Inc." <a@example.com>')
    assert done.stdout.strip() == str((*hosts, False)), done.stderr


@pytest.mark.django_db
@pytest.mark.parametrize("host", ["[2001:db8::10]", "xn--bcher-kva.example"])
def test_requests_of_such_hosts_are_answered(admin, stranger, settings, host):
    settings.ALLOWED_HOSTS = usable.hosts("2001:db8::10, bücher.example")
    assert stranger.get("/sign-in", headers={"Host": host}).status_code == 200


def test_subdomains_and_the_preload_list_are_asked_for_by_name():
    code = "s.SECURE_HSTS_SECONDS, s.SECURE_HSTS_INCLUDE_SUBDOMAINS, s.SECURE_HSTS_PRELOAD"
    asked = start(code, HSTS_SECONDS="", HSTS_SUBDOMAINS="true", HSTS_PRELOAD="true")
    assert asked.stdout.strip() == "(31536000, True, True)"
    alone = start(code, HSTS_PRELOAD="true")
    assert "HSTS_PRELOAD needs HSTS_SUBDOMAINS=true" in alone.stderr


@pytest.mark.parametrize("said", ["http://[::1", "https://", "https:///horses", "ftp://horses"])
def test_a_service_that_cannot_be_asked_is_refused_by_name(said):
    message = refused(read, "BREACHED_PASSWORDS_URL", usable.service, said)
    assert message.startswith("BREACHED_PASSWORDS_URL ")
    assert "horses" not in message
    assert usable.service("") == ""
    assert usable.service("https://api.example.com") == "https://api.example.com"


def test_a_start_that_is_refused_tells_no_piece_of_a_secret():
    done = start("1", EMAIL_URL="smtp+tls://robot:horse/battery@smtp.example.com")
    assert done.returncode != 0
    assert "EMAIL_URL cannot be read: percent-encode" in done.stderr
    assert "horse" not in done.stderr
    assert "battery" not in done.stderr


@pytest.mark.parametrize("command", [["manage.py", "check"], ["-c", "import config.server"]])
def test_a_start_that_is_refused_says_so_in_one_line(command):
    done = run(*command, BASE_URL="htps://ollio.example.com")
    assert done.returncode == 1
    assert done.stderr.startswith("BASE_URL must begin with https://")
    assert len(done.stderr.splitlines()) == 1


def test_lists_are_stripped():
    said = Environment({"PROXIES": " a , b,, c ", "KEYS": "one, two"})
    assert said.listed("PROXIES") == ["a", "b", "c"]
    assert usable.hosts(" a.example , .B.example,bücher.example, 2001:db8::1") == [
        "a.example",
        ".b.example",
        "xn--bcher-kva.example",
        "[2001:db8::1]",
    ]


def test_a_former_secret_counts_as_it_was_used():
    said = Environment({"KEYS": "one, two\n"})
    assert said.former_secrets("KEYS") == ["one", "two", " two\n"]
    assert Environment({"KEY": "one\n"}).secret("KEY", str) == "one\n"


def test_an_empty_variable_is_not_there():
    said = Environment({"DAYS": " ", "SWITCH": "", "LEVEL": ""})
    assert said.whole("DAYS", default=3) == 3
    assert said.switch("SWITCH") is False
    assert said.one_of("LEVEL", "INFO", default="INFO") == "INFO"


def test_a_value_may_name_another_variable():
    said = Environment({"URL": "$OTHER", "OTHER": "there", "SECRET": "$ecret"})
    assert (said.text("URL"), said.text("SECRET")) == ("there", "$ecret")


@pytest.mark.parametrize(
    ("verb", "said", "words"),
    [
        (lambda env: env.whole("NAME", default=1), "12horses", "NAME must be a whole number"),
        (lambda env: env.whole("NAME", default=1), "-1", "NAME must be a whole number"),
        (
            lambda env: env.whole("NAME", default=1),
            "9" * 40,
            "NAME must be a whole number of at most",
        ),
        (lambda env: env.switch("NAME"), "horses", "NAME must be true or false"),
        (lambda env: env.one_of("NAME", "INFO", default="INFO"), "horses", "NAME must be one of"),
        (lambda env: env.options("NAME"), "{'horses': 1}", "NAME must be a JSON object"),
        (lambda env: env.options("NAME"), '["horses"]', "NAME must be a JSON object"),
        (lambda env: env.options("NAME"), '{"horses":' * 100_000, "NAME must be a JSON object"),
        (lambda env: env.numbers("NAME"), "[" * 100_000, "NAME must be a JSON object"),
        (lambda env: env.numbers("NAME"), '{"horses": "5"}', "NAME must hold whole numbers"),
    ],
)
def test_other_kinds_of_values_are_refused_by_name(verb, said, words):
    message = refused(verb, Environment({"NAME": said}))
    assert message.startswith(words)
    assert "horses" not in message


@pytest.mark.parametrize(
    "word", ["another ", "another-key-", "change-me.", "abc123", "my own key of Ollio, 2026; "]
)
def test_a_secret_key_of_repeated_words_is_refused_but_may_stay_a_fallback(word):
    message = refused(
        Environment({"SECRET_KEY": word * 10}).secret, "SECRET_KEY", usable.secret_key
    )
    assert "SECRET_KEY repeats the same words" in message
    assert "may stay in SECRET_KEY_FALLBACKS" in message
    assert word not in message


@pytest.mark.parametrize(
    "key", [RANDOM, "0123456789abcdef" * 2 + "0f1e2d3c4b5a69788796a5b4c3d2e1f0"]
)
def test_a_secret_key_without_repetition_passes(key):
    assert usable.secret_key(key) == key


@pytest.mark.parametrize(
    ("said", "is_right"),
    [
        ("sqlite:////var/ollio.sqlite3", True),
        ("postgres:///?service=ollio", True),
        ("postgres://u:horses@db", False),
        ("postgres://u:horses@db/", False),
        ("sqlite://:memory:", True),
        ("postgres://u:a%2Fb@db.example.com:5432/ollio", True),
        ("postgres://u:p@one:5432,two:5433/ollio", True),
        ("postgresql://postgres:@/ollio?host=/run/postgresql", True),
        ("sqlite://horses.sqlite3", False),
        ("sqlite:///", False),
        ("postgress://u:horses@db/ollio", False),
        ("mysql://u:horses@db/ollio", False),
        ("postgres://u:horses/b@db/ollio", False),
        ("postgres://u:12/horses@db/ollio", False),
        ("postgres://u:12#horses@db/ollio", False),
        ("postgres://u:[horses@db/ollio", False),
    ],
)
def test_a_database_is_sqlite_or_postgresql(said, is_right):
    if is_right:
        assert read("DATABASE_URL", usable.database, said)["ENGINE"]
        return
    message = refused(read, "DATABASE_URL", usable.database, said)
    assert message.startswith("DATABASE_URL ")
    assert "horses" not in message


@pytest.mark.parametrize("name", ["SESSION_DAYS", "OPERATOR_IDLE_HOURS", "AUDIT_DAYS"])
def test_a_time_that_no_clock_can_show_is_refused(name):
    assert start(f"{name!r}", **{name: "36500"}).returncode == 0
    assert f"{name} must be a whole number of at most" in start("1", **{name: "999999999"}).stderr


@pytest.mark.parametrize("said", ["api.pwnedpasswords.com/range/", "https://", "ftp://horses/"])
def test_a_service_that_cannot_be_asked_is_refused(said):
    assert usable.service("https://api.pwnedpasswords.com/range/")
    assert usable.service("") == ""
    assert "must begin with https://" in refused(read, "NAME", usable.service, said)

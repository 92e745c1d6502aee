import random
from urllib.parse import urlsplit

import ada_url
import pytest

from invitations.origins import clean_origin
from invitations.targets import InvalidTarget, clean_target, with_ticket
from tests.samples import some

OURS = "__clerk_ticket=olt_x-_&__clerk_status=sign_up"


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("https://www.example.com/accept", f"https://www.example.com/accept?{OURS}"),
        ("https://www.example.com/a?x=1#top", f"https://www.example.com/a?x=1&{OURS}#top"),
        ("http://localhost:3000", f"http://localhost:3000/?{OURS}"),
        ("https://spa.example.com/#/join", f"https://spa.example.com/?{OURS}#/join"),
        ("https://a.example#/join?b", f"https://a.example/?{OURS}#/join?b"),
        ("https://a.example?u=/x//y", f"https://a.example/?u=/x//y&{OURS}"),
        ("https://a.example/?", f"https://a.example/?{OURS}"),
        ("https://a.example/?a=1&", f"https://a.example/?a=1&{OURS}"),
        ("https://a.example/#", f"https://a.example/?{OURS}#"),
        (
            "https://a.example/?q=%7e+a%20{b}|c&q&;=?#a#b",
            f"https://a.example/?q=%7e+a%20{{b}}|c&q&;=?&{OURS}#a#b",
        ),
    ],
)
def test_the_ticket_joins_the_query_and_the_rest_stays_byte_for_byte(target, expected):
    assert with_ticket(target, ticket="olt_x-_", status="sign_up") == expected


def test_the_ticket_is_encoded():
    link = with_ticket("https://a.example/", ticket="a&b=c#d", status="sign_in")

    assert link == "https://a.example/?__clerk_ticket=a%26b%3Dc%23d&__clerk_status=sign_in"


def test_every_accepted_string_has_one_host_for_python_and_for_browsers():
    accepted = 0
    for text in generated(some(100_000)):
        clean = cleaned_or_none(text)
        if clean is None:
            continue
        accepted += 1
        browser = ada_url.URL(clean)
        python = urlsplit(clean)
        assert browser.hostname.strip("[]") == python.hostname, text
        assert (browser.protocol, browser.port) == (f"{python.scheme}:", str(python.port or ""))
        assert browser.origin == clean_origin(f"{python.scheme}://{python.netloc}"), text
        assert not browser.username, text

    assert accepted > some(5_000)


def test_cleaning_never_changes_where_a_browser_goes():
    for text in generated(some(30_000)):
        clean = cleaned_or_none(text)
        if clean is not None:
            assert ada_url.URL(clean).href == ada_url.URL(text).href, text
            assert cleaned(clean) == clean


def test_the_ticket_never_changes_the_host_or_the_path_a_browser_goes_to():
    for text in generated(some(30_000)):
        clean = cleaned_or_none(text)
        if clean is not None:
            before = ada_url.URL(clean)
            after = ada_url.URL(with_ticket(clean, ticket="olt_x", status="sign_up"))
            assert (after.origin, after.pathname) == (before.origin, before.pathname), text
            assert after.hash == before.hash, text


SCHEMES = ["https://"] * 12 + [
    "http://",
    "HTTPS://",
    "https:/",
    "https:///",
    "//",
    "https:",
    "ftp://",
]
NAMES = [
    "app.example.com",
    "App.EXAMPLE.com",
    "localhost",
    "intranet",
    "a",
    "xn--mnchen-3ya.example",
]
NAMES += ["münchen.example", "mu\u0308nchen.example", "straße.example", "דוגמה.example", "例え.jp"]
NAMES += ["1a.דוגמה", "xn--6dbbec0c.example", "xn--a.b", "ΣΑΣ.gr", "İ.example", "\u1e9e.example"]
NUMBERS = ["127.0.0.1", "10.0.0.1", "0x7f.1", "3232235777", "1.2.3", "010.0.0.1", "a.1", "0x.0x"]
SIXES = [
    "[::1]",
    "[2001:DB8::1]",
    "[::ffff:1.2.3.4]",
    "[1:0:0:2:0:0:0:3]",
    "[::1.2.3.4]",
    "[::1%25a]",
]
HOSTS = NAMES * 3 + NUMBERS + SIXES
PORTS = [""] * 8 + [":443", ":80", ":8443", ":0443", ":65535", ":65536", ":0", ":", ":x"]
PIECES = [
    "/",
    "//",
    "..",
    ".",
    "%2e",
    "%2E",
    "a",
    "é",
    "%C3%A9",
    "%",
    "@",
    ":",
    "?",
    "#",
    "&",
    "=",
    ";",
]
PIECES += [
    "x=1",
    "{",
    "|",
    "'",
    '"',
    "<",
    "^",
    "`",
    "[",
    "]",
    "中",
    "+",
    "~",
    "__clerk_ticket",
    ".",
]
NOISE = [
    "\\",
    "\t",
    "\n",
    "@",
    "%2e",
    "\u3002",
    "\u00ad",
    "\uff0f",
    "\u200d",
    "?",
    "#",
    "/",
    ":",
    " ",
]
NOISE += ["[", "]", "%", "_", "-", ".", "--", "xn--", "\ufffd", "\u212b", "\u0131", "\u017f", "*"]


def generated(count):
    """Yield near misses of URLs, the same in every run."""
    chance = random.Random(20261122)
    for _ in range(count):
        host = chance.choice(HOSTS)
        if chance.random() < 0.3:
            at = chance.randint(0, len(host))
            host = host[:at] + chance.choice([*NOISE, chr(chance.randrange(0xD800))]) + host[at:]
        tail = "".join(chance.choices(PIECES, k=chance.randint(0, 8)))
        tail = chance.choice(["/", "/", "/", "?", "#", ""]) + tail if tail else ""
        text = chance.choice(SCHEMES) + host + chance.choice(PORTS) + tail
        if chance.random() < 0.1:
            at = chance.randint(0, len(text))
            text = text[:at] + chance.choice(NOISE) + text[at:]
        yield text


def cleaned(text):
    return clean_target(text, origins=[], hosted=[])


def cleaned_or_none(text):
    try:
        return cleaned(text)
    except InvalidTarget:
        return None

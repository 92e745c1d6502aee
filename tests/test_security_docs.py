"""docs/security.md and SECURITY.md describe what the code does."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import Permission

from accounts import devices, guessing, handles, tokens
from accounts.frontend_api.handshake import _TOKEN
from accounts.models import SecretKey, browser, known_device, mailed_code
from accounts.models import security_event as events
from accounts.models.application import MOST_GRACE_DAYS
from accounts.models.role import OPERATOR_PERMISSIONS
from accounts.passwords import MAX_LENGTH, MIN_LENGTH, Argon2Hasher
from accounts.views import set_up
from config import client_cookie, dashboard, server, session_store, signed_in_cookie
from config.limits import LIMITS
from config.messages import HostCookieStorage
from config.rights import Right
from tests.factories import UserFactory

ROOT = Path(__file__).resolve().parent.parent
TEXT = (ROOT / "docs" / "security.md").read_text()
REPORTING = (ROOT / "SECURITY.md").read_text()
SOURCES = {
    str(path.relative_to(ROOT)): path.read_text()
    for package in ("config", "accounts", "invitations", "static/js")
    for path in (ROOT / package).rglob("*.[pj][ys]")
}
PERIODS = {
    1: "a second",
    10: "10 seconds",
    60: "a minute",
    300: "5 minutes",
    900: "15 minutes",
    3600: "an hour",
    86400: "a day",
}
ROWS = """
1.5.2 2.3.2 2.3.4 3.3.3 3.5.4 3.7.2 4.1.3 5.2.1 6.1.1 6.2.11 6.3.1 6.3.3 6.3.4
6.4.4 6.5.2 6.6.3 7.3.1 7.4.3 7.4.5 14.3.2 15.1.3 15.2.3 15.3.4 16.3.1
"""
COSTLY = "What takes time or room, and why others go on"
WORDS = {5: "five", 6: "six", 10: "ten", 30: "thirty"}
HOUR = timedelta(hours=1)
OPENS = re.compile(
    r"(?<!def )\b(?:open_session|open_for_application|perform_login|sessions\.begin)\("
)
SETS = re.compile(r"\.set_cookie\(|response\.cookies\[|document\.cookie =|\bcookie\.set\(")


def section(title):
    """Return the text below a heading, up to the next heading of any level."""
    return re.split(r"^#+ ", TEXT.split(f"# {title}\n", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]


def table(title, *, number=0):
    """Return the rows of a section's table as lists of cells, without the header."""
    tables = re.findall(r"(?:^\|.*\n)+", section(title), re.MULTILINE)
    lines = tables[number].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def names_in(cells):
    return set(re.findall(r"`([^`]+)`", " ".join(cells)))


def test_every_limit_is_told_with_its_numbers():
    told = {row[0].strip("`"): row[1] for row in table("Limits")}
    since = {name: ", from the last one on" if it.from_last else "" for name, it in LIMITS.items()}
    assert told == {
        name: f"{limit.times:,} in {PERIODS[limit.seconds]}{since[name]}"
        for name, limit in LIMITS.items()
    }


@pytest.mark.django_db
@pytest.mark.parametrize("right", Right)
def test_every_right_is_told_with_who_has_it(right):
    [told] = [row[1:] for row in table("Who may do what") if row[0].startswith(f"`{right}`:")]
    permitted = UserFactory(operator=True)
    permitted.user_permissions.set(Permission.objects.filter(codename=right))
    people = [UserFactory(), type(permitted).objects.get(pk=permitted.pk), UserFactory(admin=True)]
    keys = [SecretKey(scope=scope) for scope in ("all", "invitations", "read_only")]
    yes = ["yes", "with the permission", "yes", "yes", "yes", "yes"]
    has = [who.may(right) for who in (*people, *keys)]
    assert told == ["no", *(word if may else "no" for word, may in zip(yes, has, strict=True))]


def test_there_are_no_other_rights_and_permissions():
    assert len(table("Who may do what")) == len(Right)
    assert "all four permissions" in TEXT
    assert len(OPERATOR_PERMISSIONS) == 4


def test_every_way_to_sign_in_is_told():
    told = {row[4].strip("`") for row in table("Ways to sign in")}
    opening = {path for path, text in SOURCES.items() if OPENS.search(text)} - {
        "accounts/sessions.py"
    }
    assert opening | {"config/api_door.py"} == told


def test_every_cookie_is_told():
    told = {name.removeprefix("__Host-") for row in table("Cookies") for name in names_in(row[:1])}
    known = {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, client_cookie.NAME}
    known |= {signed_in_cookie._NAME, _TOKEN, devices._COOKIE, set_up._COOKIE}
    known |= {HostCookieStorage.cookie_name, dashboard.ZONE_COOKIE}
    known = {name.removesuffix(settings.OF_PORT) for name in known}
    assert told == known | set(handles._COOKIES)


def test_no_other_code_sets_a_cookie():
    assert {path for path, text in SOURCES.items() if SETS.search(text)} == {
        "config/client_cookie.py",
        "config/signed_in_cookie.py",
        "accounts/devices.py",
        "accounts/frontend_api/handshake.py",
        "accounts/handles.py",
        "accounts/views/set_up.py",
        "static/js/app.js",
    }


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Passwords", f"{MIN_LENGTH} to {MAX_LENGTH:,} characters"),
        ("Passwords", f"the first {guessing._LOOKED_AT} characters"),
        ("Passwords", f"{guessing.LEAST_GUESSES:,} guesses"),
        ("Passwords", f"argon2id, {Argon2Hasher.memory_cost // 1024} MiB, one pass, one lane"),
        ("Mailed codes", f"{WORDS[mailed_code.CODE_DIGITS]} digits".capitalize()),
        ("Mailed codes", f"good for {WORDS[mailed_code.CODE_LIFETIME.seconds // 60]} minutes"),
        ("Mailed codes", f"{WORDS[mailed_code.CODE_TRIES]} tries"),
        ("Mailed codes", f"after {WORDS[mailed_code.CODE_PAUSE.seconds]} seconds"),
        ("Second factors", f"up to {MOST_GRACE_DAYS} days of grace"),
        (COSTLY, f"a worker's {server.THREADS} threads"),
        (COSTLY, f"a body {server.BODY_SECONDS}"),
        (COSTLY, f"{server.MOST_CHUNKS:,} chunks"),
        ("Sessions", f"| {settings.OPERATOR_IDLE // HOUR} hours (`OPERATOR_IDLE_HOURS`)"),
        ("Sessions", f"| {settings.SESSION_LIFE.days} days (`SESSION_DAYS`)"),
        ("Sessions", f"| {tokens.LIFETIME} seconds |"),
        ("Sessions", f"| {browser.ANONYMOUS_LIFE // HOUR} hours |"),
        ("Sessions", f"| {session_store._ANONYMOUS_AGE // 3600} hour |"),
        ("Sessions", f"within {settings.ACCOUNT_REAUTHENTICATION_TIMEOUT // 60} minutes"),
        ("Cookies", f"| {known_device.KNOWN_FOR.days} days from the last sign-in"),
        ("Cookies", f"at most {devices._HELD};"),
        ("Cookies", f"| {handles.MAX_AGE // 3600} hours |"),
        ("What is logged, and for how long", f"within {events.PERIOD // 60} minutes"),
        ("What is logged, and for how long", f"| {settings.AUDIT_DAYS} days (`AUDIT_DAYS`)"),
    ],
)
def test_numbers_are_those_of_the_code(title, words):
    assert words in section(title)


def test_every_environment_variable_is_one():
    template = (ROOT / ".env.example").read_text()
    told = set(re.findall(r"`([A-Z][A-Z_]{3,})`", TEXT + REPORTING))
    assert told >= {"SESSION_DAYS", "AUDIT_DAYS", "SECRET_KEY"}
    assert {name for name in told if not re.search(rf"^#?{name}=", template, re.MULTILINE)} == set()


def test_every_variable_that_is_read_is_told():
    template, readme = (ROOT / ".env.example").read_text(), (ROOT / "README.md").read_text()
    read = set(re.findall(r'\benv\.\w+\(\s*"([A-Z_]+)"', SOURCES["config/settings.py"]))
    read -= {"TEST_DATABASE"}
    assert read == set(re.findall(r"^#?([A-Z_]+)=", template, re.MULTILINE))
    assert read == set(re.findall(r"^\| `([A-Z_]+)` \|", readme, re.MULTILINE))


def test_every_requirement_has_its_row():
    assert [row[0] for row in table("How it is verified")] == ROWS.split()


@pytest.mark.parametrize("row", table("How it is verified"), ids=lambda row: row[0])
def test_every_test_that_is_named_exists(row):
    named = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", row[3])
    assert named
    for file, name in named:
        assert re.search(rf"^def {name}\(", (ROOT / file).read_text(), re.MULTILINE), name


def test_every_file_that_is_named_exists():
    named = re.findall(r"`((?:config|accounts|invitations|tests)/[\w/]+(?:\.py)?)`", TEXT)
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_links_lead_to_files_and_headings():
    anchors = {
        re.sub(r"[^\w -]", "", title).lower().replace(" ", "-")
        for title in re.findall(r"^#+ (.+)$", TEXT, re.MULTILINE)
    }
    assert set(re.findall(r"\]\(#([^)]+)\)", TEXT)) <= anchors
    for text, folder in ((TEXT, ROOT / "docs"), (REPORTING, ROOT)):
        for target in re.findall(r"\]\(((?!https?:|#)[^)#]+)", text):
            assert (folder / target).exists(), target

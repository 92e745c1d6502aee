"""The commands in docs/ work exactly as written, and every error code is documented."""

import json
import re
import shlex
from pathlib import Path

import pytest
from django.test import Client

from tests.factories import InvitationFactory, SecretKeyFactory, UserFactory

ROOT = Path(__file__).resolve().parent.parent
API = (ROOT / "docs" / "api.md").read_text()
DIFFERENCES = (ROOT / "docs" / "differences.md").read_text()
CUSTOM_FLOW = (ROOT / "docs" / "custom-flow.md").read_text()
CURLS = re.findall(r"^```sh\n(.+?)^```", API, re.MULTILINE | re.DOTALL)
BASE = "http://localhost:8000"
SOURCES = {
    str(path.relative_to(ROOT)): path.read_text()
    for package in ("config", "accounts", "invitations")
    for path in (ROOT / package).rglob("*.py")
}


def typed(line, **known):
    """Return the words of a shell line with its variables replaced. Fail if one is left."""
    line = line.replace("\\\n", " ")
    for name, value in known.items():
        line = re.sub(rf"\${name}\b", value, line)
    assert "$" not in line
    return shlex.split(line)


def asked(words):
    """Return what curl would send: method, URL, headers, body."""
    method, url, headers, body = "", "", {}, ""
    words = iter(words)
    assert next(words) == "curl"
    for word in words:
        if word == "-X":
            method = next(words)
        elif word == "-H":
            name, _colon, value = next(words).partition(":")
            headers[name] = value.strip()
        elif word == "-d":
            body = next(words)
        else:
            assert not word.startswith("-"), word
            url = word
    return method or ("POST" if body else "GET"), url, headers, body


def answer(line, **known):
    method, url, headers, body = asked(typed(line, OLLIO=BASE, **known))
    assert url.startswith(f"{BASE}/v1/")
    content_type = headers.pop("Content-Type", "application/x-www-form-urlencoded")
    path, client = url.removeprefix(BASE), Client(headers=headers)
    return client.generic(method, path, body, content_type=content_type)


@pytest.fixture
def known():
    UserFactory(admin=True)
    return {
        "OLLIO_KEY": SecretKeyFactory().raw,
        "INVITATION": InvitationFactory().pk,
        "PERSON": UserFactory().pk,
    }


@pytest.mark.django_db
@pytest.mark.parametrize("line", CURLS, ids=lambda line: line.split("\n")[0][:60])
def test_every_curl_line_works(line, known):
    said = answer(line, **known)
    assert said.status_code in {200, 204}, said.content


def test_every_call_that_is_told_is_shown_or_served():
    assert len(CURLS) > 15
    assert API.count("curl ") == len(CURLS)


@pytest.mark.django_db
def test_a_create_answers_with_the_fields_that_are_shown(known):
    shown = json.loads(re.search(r"^```json\n(\{.+?\n\})\n```", API, re.MULTILINE | re.DOTALL)[1])
    said = answer(CURLS[0], **known).json()
    assert said.keys() == shown.keys()
    varying = {
        "id",
        "url",
        "destination",
        "inviter",
        "last_event",
        "expires_at",
        "created_at",
        "updated_at",
    }
    assert {name: said[name] for name in said.keys() - varying} == {
        name: shown[name] for name in shown.keys() - varying
    }
    assert {name: type(value) for name, value in said.items()} == {
        name: type(value) for name, value in shown.items()
    }


@pytest.mark.django_db
def test_the_error_that_is_shown_is_what_is_answered(known):
    shown = json.loads(re.findall(r"^```json\n(.+?)^```", API, re.MULTILINE | re.DOTALL)[1])
    said = answer(CURLS[0].replace('"email_address": "ada@example.com", ', ""), **known).json()
    assert said["errors"] == shown["errors"]
    assert len(said["clerk_trace_id"]) == len(shown["clerk_trace_id"])


def test_every_error_that_the_code_answers_is_told():
    told = _told_errors()
    doors = "\n".join(text for path, text in SOURCES.items() if "api" in path or "idempo" in path)
    answered = set(re.findall(r'(?:error\(\s*|code=|code, message = )"([a-z_]+)"', doors))
    answered |= set(
        re.findall(
            r'"(form_(?:param|password|identifier|code)_[a-z_]+)"', "".join(SOURCES.values())
        )
    )
    assert answered - told == set()


def test_no_error_is_told_that_nothing_answers():
    everything = "".join(SOURCES.values())
    assert {code for code in _told_errors() if f'"{code}"' not in everything} == set()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["waitlist_entries", "allowlist_identifiers", "redirect_urls", "webhooks"]
)
def test_what_is_not_here_yet_answers_404(path, known):
    headers = {"Authorization": f"Bearer {known['OLLIO_KEY']}"}
    said = Client(headers=headers).get(f"/v1/{path}")
    assert (said.status_code, said.json()["errors"][0]["code"]) == (404, "resource_not_found")


def _told_errors():
    rows = re.findall(r"^\| \d{3} \| (.+?) \|", API + CUSTOM_FLOW, re.MULTILINE)
    return set(re.findall(r"`([a-z_]+)`", "".join(rows)))


def test_links_lead_to_files():
    for text, folder in [
        (API, "docs"),
        (DIFFERENCES, "docs"),
        (CUSTOM_FLOW, "docs"),
        ((ROOT / "README.md").read_text(), "."),
    ]:
        for target in re.findall(r"\]\(((?!https?:)[^)#]+)", text):
            assert (ROOT / folder / target).exists(), target

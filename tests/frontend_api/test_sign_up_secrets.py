"""Places that must not contain the secrets of a sign-up over the Frontend API."""

import base64
import logging
from io import StringIO
from urllib.parse import quote

import pytest
from django.apps import apps
from django.db import connection
from structlog.stdlib import ProcessorFormatter

from accounts.models import User
from invitations.models import Ticket
from tests.factories import PASSWORD
from tests.frontend_api.signing_up import (
    PATIENT,
    SIGN_UPS,
    attempt,
    begin,
    begun,
    by_address,
    mailed_code,
    prepare,
    ticket_for,
    wrong,
)
from tests.test_secrets import standing_alone

pytestmark = pytest.mark.django_db
WEAK = "featherstonehaugh"


@pytest.fixture(autouse=True)
def patient(settings):
    settings.LIMITS = PATIENT


@pytest.fixture
def log(caplog):
    """What the real formatter writes from level DEBUG, SQL with its parameters included."""
    written = StringIO()
    root, handler = logging.getLogger(), logging.StreamHandler(written)
    formatters = (each.formatter for each in root.handlers)
    handler.setFormatter(next(each for each in formatters if isinstance(each, ProcessorFormatter)))
    for name in (None, "django"):
        caplog.set_level(logging.DEBUG, logger=name)
    root.addHandler(handler)
    connection.force_debug_cursor = True
    yield written
    connection.force_debug_cursor = False
    root.removeHandler(handler)


def flow(new_browser, *, json):
    """Sign up by ticket, with a weak password first; then by address, with a wrong code first."""
    invited, other = new_browser(), new_browser()
    ticket = ticket_for()
    path = begun(invited, ticket=ticket, strategy="ticket", first_name=WEAK, json=json)
    yield invited.patch(path, password=WEAK, json=json)
    yield invited.patch(path, password=PASSWORD, ticket=ticket, json=json)
    path = by_address(other)
    code = mailed_code()
    yield attempt(other, path, wrong(code))
    yield attempt(other, path, code)
    return {"ticket": ticket, "password": PASSWORD}, code


def run(steps):
    """Run the flow to its end and return its secrets; check that the user was created."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            assert User.objects.filter(email_address="eve@example.com").exists()
            return end.value


def crash(browser, monkeypatch, **said):
    """Raise a KeyError that contains the ticket, in the middle of a sign-up."""
    browser.pages.raise_request_exception = False
    with monkeypatch.context() as patched:
        patched.setattr(Ticket.objects, "find", lambda raw: {}[raw])
        return begin(browser, **said)


@pytest.mark.parametrize("json", [True, False])
def test_no_log_line_holds_a_secret_after_a_full_flow_and_a_crash(
    new_browser, log, monkeypatch, json
):
    secrets, code = run(flow(new_browser, json=json))
    assert crash(new_browser(), monkeypatch, ticket=secrets["ticket"], json=json).status_code == 500
    lines = log.getvalue()
    for proof in ("olt_***", "KeyError", "django.db.backends", "INSERT INTO"):
        assert proof in lines
    assert [name for name, secret in secrets.items() if secret in lines] == []
    assert not standing_alone(code).search(lines)


def test_no_table_holds_a_secret_after_a_full_flow(new_browser):
    secrets, _code = run(flow(new_browser, json=True))
    rows = "\n".join(
        str(row) for model in apps.get_models() for row in model._base_manager.values()
    )
    for name in ("ticket", "password"):
        text = secrets[name]
        spelt = {text, quote(text, safe=""), base64.b64encode(text.encode()).decode()}
        assert [each for each in spelt if each in rows] == []


@pytest.mark.parametrize("json", [True, False])
def test_no_answer_holds_a_secret(new_browser, json):
    steps = flow(new_browser, json=json)
    for answer in steps:
        for text in ("olt_", PASSWORD, f'"{WEAK[1:]}', "md5$", "argon2"):
            assert text not in answer.text


def answers(browser):
    """Yield one response of each kind, good and bad."""
    ticket = ticket_for()
    browser.pages.raise_request_exception = False
    origin = {"Origin": browser.origin}
    path = begun(browser, ticket=ticket)
    yield browser.get("environment"), 200
    yield browser.get("client"), 200
    yield browser.get("me"), 401
    yield browser.get("nowhere"), 404
    yield browser.get(SIGN_UPS), 405
    yield begin(browser, ticket=ticket), 200
    yield begin(browser, ticket="olt_x"), 400
    yield begin(browser, ticket=ticket, email_address="x"), 422
    yield prepare(browser, path), 400
    yield browser.pages.post(f"/__clerk/v1/{SIGN_UPS}", "x", "text/plain", headers=origin), 415
    yield begin(browser, password="x" * 300_000), 413
    yield begin(browser, headers={"Origin": "https://evil.example"}), 400
    preflight = {**origin, "Access-Control-Request-Method": "POST"}
    yield browser.pages.options(f"/__clerk/v1/{SIGN_UPS}", headers=preflight), 204
    yield begin(browser, ticket=ticket, password=PASSWORD), 200
    yield begin(browser, ticket=ticket), 400


def test_no_answer_may_be_kept_or_name_its_page_to_others(browser):
    for answer, status in answers(browser):
        assert answer.status_code == status
        assert answer["Cache-Control"] == "no-store"
        assert answer["Referrer-Policy"] == "no-referrer"


def test_a_crash_may_not_be_kept_either(browser, monkeypatch):
    answer = crash(browser, monkeypatch, ticket=ticket_for(), json=True)
    assert (answer.status_code, answer["Cache-Control"]) == (500, "no-store")
    assert answer.json()["errors"][0]["code"] == "internal_clerk_error"
    assert "olt_" not in answer.text

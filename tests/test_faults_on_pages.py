import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import OperationalError

from config.limits import LimitExceeded
from invitations.models import Invitation, Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def visitor(stranger):
    stranger.raise_request_exception = False
    return stranger


def failing(fault):
    def fail(*_args, **_kwargs):
        raise fault

    return fail


def test_a_page_that_does_not_exist_says_so_in_our_look(admin):
    page = admin.get("/nowhere")
    assert page.status_code == 404
    assert "Nothing here" in page.text


def test_what_is_erased_while_its_page_is_made_is_not_there(visitor, monkeypatch):
    monkeypatch.setattr(Ticket.objects, "find", failing(Invitation.DoesNotExist("inv_x")))
    page = visitor.get("/sign-up?__clerk_ticket=x")
    assert page.status_code == 404
    assert "Nothing here" in page.text
    assert "inv_x" not in page.text


def test_a_bug_answers_a_plain_page_without_details(visitor, monkeypatch):
    monkeypatch.setattr(Ticket.objects, "find", failing(ZeroDivisionError("olt_secret")))
    page = visitor.get("/v1/tickets/accept?ticket=x", headers={"Accept": "text/html"})
    assert page.status_code == 500
    assert "ZeroDivision" not in page.text
    page = visitor.get("/sign-up?__clerk_ticket=x")
    assert page.status_code == 500
    assert "Something went wrong" in page.text
    assert "olt_secret" not in page.text


def test_a_database_that_is_away_answers_503_with_a_time(visitor, monkeypatch):
    monkeypatch.setattr(Ticket.objects, "find", failing(OperationalError()))
    page = visitor.get("/sign-up?__clerk_ticket=x")
    assert page.status_code == 503
    assert page["Retry-After"] == "5"
    assert "Back in a moment" in page.text


def test_a_database_that_is_away_before_the_view_is_reached_answers_503_too(operator, monkeypatch):
    operator.raise_request_exception = False
    monkeypatch.setattr(SessionStore, "load", failing(OperationalError()))
    page = operator.get("/invitations")
    assert page.status_code == 503
    assert page["Retry-After"] == "5"


def test_a_limit_nobody_worded_is_worded(visitor, monkeypatch):
    monkeypatch.setattr(Ticket.objects, "find", failing(LimitExceeded(name="x", retry_after=7)))
    page = visitor.get("/sign-up?__clerk_ticket=x")
    assert page.status_code == 429
    assert page["Retry-After"] == "7"


def test_a_form_without_its_token_changes_nothing(admin):
    careful = type(admin)(admin.user, enforce_csrf_checks=True)
    page = careful.post("/invitations/new", {"email_address": "ada@example.com"})
    assert page.status_code == 403
    assert "Nothing was done" in page.text
    assert not Invitation.objects.exists()

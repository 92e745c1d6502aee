"""Settings → Audit log: sign-ins, keys, settings and people, shown to admins only."""

import re
from datetime import timedelta

import pytest
import structlog
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Application, SecretKey, SecurityEvent
from config import audit
from config.database import now
from config.paging import ROWS
from invitations.models import Event
from tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_windows")]
PATH = "/settings/audit-log"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def text(response):
    return " ".join(re.sub("<[^>]+>", " ", response.content.decode()).split())


def said(browser, **query):
    """Return the sentences of the page, newest first."""
    return [line.what for line in browser.get(PATH, query).context["page"].rows]


@pytest.fixture
def admin(admin):
    """An admin whose own change of role is not in the log."""
    Event.objects.all().delete()
    return admin


@pytest.fixture
def ada(db):
    return UserFactory(email_address="ada@example.com")


def test_the_page_says_in_words_what_happened(admin, ada):
    with structlog.contextvars.bound_contextvars(ip="2001:db8::7", user_agent=FIREFOX):
        for _ in range(3):
            audit.trace("wrong_password", subject=ada.pk)
    page = admin.get(PATH)
    for words in (
        "Wrong password for ada@example.com",
        "3 times within five minutes",
        "Firefox on Linux",
        "2001:db8::/64",
    ):
        assert words in text(page)
    assert f'href="/users/{ada.pk}"' in page.content.decode()


def test_a_sign_in_is_told_with_how(admin, ada):
    audit.trace("signed_in", subject=ada.pk, how="password+totp")
    assert said(admin) == ["ada@example.com signed in with a password and an authenticator app"]


def test_who_has_no_account_is_told_by_domain_or_not_at_all(admin):
    audit.trace("wrong_password", address="eve@example.com")
    audit.trace("wrong_password", address="seven wet penguins")
    assert said(admin) == [
        "Wrong password for something that is no address",
        "Wrong password for an address without account at example.com",
    ]


def test_who_was_erased_has_no_name(admin, ada):
    audit.trace("signed_out", subject=ada.pk)
    ada.erase(by=admin.user)
    assert said(admin) == [
        "An account that is deleted: account deleted",
        "An account that is deleted signed out",
    ]


def test_keys_roles_and_settings_are_told_with_who_changed_them(admin, ada):
    key, _raw = SecretKey.objects.issue(name="Back office", by=admin.user)
    key.revoke(by=admin.user)
    ada.make_operator(by=admin.user)
    Application.objects.current().change(by=admin.user, sign_up_mode="restricted")
    assert said(admin) == [
        "Settings changed",
        "ada@example.com made an operator",
        "Key Back office revoked",
        "Key Back office made",
    ]
    assert "by Grace Hopper" in text(admin.get(PATH))
    assert "sign up mode" in text(admin.get(PATH))


def test_what_happens_to_invitations_is_not_told_here(admin):
    audit.record("created", subject="inv_1", by=admin.user)
    assert said(admin) == []
    assert "Nothing yet" in text(admin.get(PATH))


def test_one_kind_can_be_chosen(admin, ada):
    audit.trace("signed_out", subject=ada.pk)
    audit.trace("wrong_code", subject=ada.pk)
    ada.ban(by=admin.user)
    assert said(admin, kind="refused") == ["Wrong mailed code for ada@example.com"]
    assert said(admin, kind="sign_ins") == ["ada@example.com signed out"]
    assert said(admin, kind="people") == ["ada@example.com banned"]
    assert "Nothing of that kind" in text(admin.get(PATH, {"kind": "limits"}))


def test_one_person_can_be_chosen(admin, ada):
    audit.trace("wrong_password", address="ada@example.com")  # before the account was made
    audit.trace("signed_out", subject=ada.pk)
    audit.trace("signed_out", subject=admin.user.pk)
    ada.ban(by=admin.user)
    assert said(admin, person=" ADA@example.com") == [
        "ada@example.com banned",
        "ada@example.com signed out",
        "Wrong password for an address without account at example.com",
    ]
    assert said(admin, person="grace@example.com")[0] == "ada@example.com banned"  # grace did it


def test_an_address_that_nobody_has_can_be_chosen(admin):
    audit.trace("wrong_password", address="eve@example.com")
    audit.trace("wrong_password", address="mallory@example.com")
    assert len(said(admin, person="eve@example.com")) == 1
    assert said(admin, person="nobody@example.com") == []


def happened(days, kind, **values):
    """Write a trace that is some days old."""
    audit.trace(kind, **values)
    row, moment = SecurityEvent.objects.latest("id"), now() - timedelta(days=days)
    SecurityEvent.objects.filter(pk=row.pk).update(at=moment, period=int(moment.timestamp()) // 300)


def test_days_can_be_chosen(admin, ada, monkeypatch):
    monkeypatch.setattr("accounts.models.security_event.PERIOD", 300)
    happened(9, "signed_out", subject=ada.pk)
    happened(5, "wrong_code", subject=ada.pk)
    happened(1, "wrong_password", subject=ada.pk)
    day = (now() - timedelta(days=5)).date()
    assert said(admin, since=day, until=day) == ["Wrong mailed code for ada@example.com"]
    assert len(said(admin, since=day)) == len(said(admin, until=day)) == 2


def test_a_day_is_the_reader_s(admin, ada):
    key, _raw = SecretKey.objects.issue(name="Back office", by=admin.user)
    Event.objects.filter(subject=key.pk).update(at="2030-01-31T22:30:00Z")
    assert said(admin, since="2030-02-01") == []
    admin.cookies["tz"] = "Europe/Berlin"
    Event.objects.filter(subject=key.pk).update(at="2030-01-31T23:30:00Z")
    assert said(admin, since="2030-02-01") == ["Key Back office made"]
    assert said(admin, until="2030-01-31") == []  # January in the reader's time zone


@pytest.mark.parametrize(
    "query",
    [
        {"person": "no address"},
        {"person": "a\x00@example.com"},
        {"since": "yesterday"},
        {"until": "9999-12-31"},
        {"since": "0001-01-01"},
        {"since": "2026-11-02", "until": "2026-11-01"},
        {"kind": "nothing"},
    ],
)
def test_what_cannot_be_searched_is_said_and_shows_nothing(admin, ada, query):
    audit.trace("signed_out", subject=ada.pk)
    page = admin.get(PATH, query)
    assert page.context["form"].errors
    assert "ada@example.com signed out" not in text(page)
    assert "Correct what is marked" in text(page)


@pytest.mark.parametrize(
    "place", ["x", "1", "1.2.3", "-1.5", "9" * 19 + ".1", "9" * 40 + ".1", "1.\x00"]
)
@pytest.mark.parametrize("name", ["before", "after"])
def test_a_place_that_does_not_exist_does_no_harm(admin, name, place):
    assert admin.get(PATH, {name: place}).status_code == 200


def test_pages_lead_on_and_back_over_both_tables(admin, ada):
    """Each row is on exactly one page, in order of time, whichever table holds it."""
    for number in range(2 * ROWS + 7):
        if number % 3:
            audit.trace("right_refused", subject=ada.pk, how=f"page{number}")
        else:
            audit.record("locked", subject=f"user_{number}")
    pages = [admin.get(PATH).context["page"]]
    while pages[-1].older:
        pages.append(admin.get(PATH, {"before": pages[-1].older}).context["page"])
    assert [len(page.rows) for page in pages] == [ROWS, ROWS, 7]
    times = [line.at for page in pages for line in page.rows]
    assert times == sorted(times, reverse=True)
    notes = [line.note for page in pages for line in page.rows if line.note]
    assert len(notes) == len(set(notes)) == SecurityEvent.objects.count()
    back = admin.get(PATH, {"after": pages[2].newer}).context["page"]
    assert back.rows == pages[1].rows
    assert admin.get(PATH, {"before": back.older}).context["page"].rows == pages[2].rows
    assert admin.get(PATH, {"after": back.newer}).context["page"].rows == pages[0].rows


def test_pages_of_one_table_alone_lead_on(admin, ada):
    for number in range(ROWS + 1):
        audit.trace("right_refused", subject=ada.pk, how=f"page{number}")
    older = admin.get(PATH).context["page"].older
    last = admin.get(PATH, {"before": older}).context["page"]
    assert [line.note for line in last.rows] == ["Page or call: page0"]
    assert not last.older


@pytest.mark.parametrize("who", ["operator", "member"])
def test_for_all_but_admins_the_page_is_not_there(who, request):
    assert request.getfixturevalue(who).get(PATH).status_code == 404


def test_strangers_are_sent_to_sign_in(stranger):
    assert stranger.get(PATH)["Location"].startswith("/sign-in")


def test_settings_and_each_user_s_page_lead_to_it(admin, ada):
    assert f'href="{PATH}"' in admin.get("/settings").content.decode()
    page = admin.get(f"/users/{ada.pk}").content.decode()
    assert f'href="{PATH}?person=ada%40example.com"' in page


def test_operators_see_no_way_there(operator, ada):
    assert PATH not in operator.get(f"/users/{ada.pk}").content.decode()


def test_a_million_events_of_invitations_do_not_slow_it(admin):
    """The query repeats the condition of the partial index, so PostgreSQL can use it."""
    Event.objects.bulk_create(Event(subject=f"inv_{n}", kind="created") for n in range(3000))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    with CaptureQueriesContext(connection) as queries:
        admin.get(PATH)
    asked = next(each["sql"] for each in queries if "key_issued" in each["sql"])
    with connection.cursor() as cursor:
        plan = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN"
        cursor.execute(f"{plan} {asked}")
        assert "event_audited" in str(cursor.fetchall())

"""Sessions of older versions, which had one session for both, continue in the application."""

from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import connection

from accounts.models import Browser
from config.session_store import SessionStore
from tests.factories import UserFactory

KEY = "k" * 32
OLD_TABLE = """
    CREATE TABLE usersessions_usersession (
        id integer, session_key varchar(40), user_id varchar(32), ip varchar(39),
        user_agent varchar(200), created_at timestamp, last_seen_at timestamp, data text
    )
"""
upgrade = import_module("accounts.migrations.0005_browsers").adopt_sessions

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def since():
    return datetime.now(UTC) - timedelta(days=3)


@pytest.fixture
def old(since):
    """A session from before the upgrade, as it was stored then."""
    user = UserFactory()
    said = {
        "_auth_user_id": user.pk,
        "_auth_user_hash": user.get_session_auth_hash(),
        "session_id": "sess_old",
        "session_since": since.timestamp(),
    }
    store = SessionStore(session_key=KEY)
    store.model.objects.create(
        session_key=KEY, session_data=store.encode(said), expire_date=since + timedelta(days=14)
    )
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS usersessions_usersession")
        cursor.execute(OLD_TABLE)
        cursor.execute(
            "INSERT INTO usersessions_usersession VALUES (1, %s, %s, '10.0.0.1', 'Firefox', %s, %s, '{}')",
            [KEY, user.pk, since.replace(tzinfo=None), since.replace(tzinfo=None)],
        )
    return user


def run():
    with connection.schema_editor() as editor:
        upgrade(apps, editor)


def test_the_application_knows_its_visitor_by_the_former_key(old, client):
    run()
    client.cookies["__client_8000"] = KEY
    [session] = client.get("/__clerk/v1/client").json()["response"]["sessions"]
    assert (session["id"], session["user"]["id"]) == ("sess_old", old.pk)


def test_the_session_ends_when_it_would_have_ended(old, since):
    run()
    assert Browser.objects.get().ends_at == since + timedelta(days=14)


def test_our_own_pages_ask_for_a_new_sign_in(old, client):
    run()
    client.cookies["ollio_session_8000"] = KEY
    assert client.get("/account")["Location"].startswith("/sign-in")
    assert not Session.objects.exists()


def test_a_session_that_is_not_there_any_more_is_left_behind(old):
    Session.objects.all().delete()
    run()
    assert not Browser.objects.exists()


def test_a_new_installation_has_nothing_to_take_along(db):
    run()
    assert not Browser.objects.exists()

"""Our own pages and the application each have their own session. A session of one does not open the other."""

from datetime import timedelta

import pytest
from django.conf import settings as configured
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from accounts.models import Browser
from config import urls
from tests.accounts.visiting import sign_in
from tests.factories import PASSWORD, UserFactory
from tests.test_doors import routes

CLIENT = "/__clerk/v1/client"
CLOSED = [
    path for name, path in routes() if name not in urls.PUBLIC and path[1:3] not in {"v1", "__"}
]


@pytest.fixture
def ada(db):
    return UserFactory(admin=True, email_address="ada@example.com")


@pytest.fixture
def signed_in(client, ada):
    sign_in(client)
    return client


def idle(**ago):
    Browser.objects.update(page_seen_at=timezone.now() - timedelta(**ago))


def test_the_page_of_an_admin_opens_with_the_pages_session(signed_in):
    assert signed_in.get("/settings").status_code == 200


@pytest.mark.parametrize("path", CLOSED)
def test_no_page_of_ours_opens_with_the_applications_secret(signed_in, path):
    thief = Client()
    for name in ("ollio_session_8000", "__client_8000"):
        thief.cookies[name] = signed_in.cookies["__client_8000"].value
    assert thief.get(path)["Location"].startswith("/sign-in")


def test_the_applications_secret_and_the_pages_differ_and_are_not_stored(signed_in, ada):
    secret = signed_in.cookies["__client_8000"].value
    assert secret != signed_in.cookies["ollio_session_8000"].value
    assert secret not in str(Browser.objects.values().get())


def test_an_operator_who_leaves_the_page_alone_for_12_hours_signs_in_again(signed_in):
    idle(hours=11, minutes=58)
    assert signed_in.get("/settings").status_code == 200
    idle(hours=12)
    assert signed_in.get("/settings")["Location"].startswith("/sign-in")


def test_the_application_goes_on_for_an_operator_who_left_the_page(signed_in):
    idle(hours=12)
    signed_in.get("/settings")
    assert signed_in.get(CLIENT).json()["response"]["sessions"]


def test_who_is_no_operator_may_leave_the_page_for_longer(client, db):
    UserFactory(email_address="max@example.com")
    sign_in(client, "max@example.com")
    idle(days=13)
    assert client.get("/account").status_code == 200


def test_the_page_ends_with_the_sign_in_used_or_not(signed_in):
    Browser.objects.update(signed_in_at=timezone.now() - timedelta(days=14))
    assert signed_in.get("/account").status_code == 302
    assert not Browser.objects.exists()
    assert not Session.objects.exists()


def test_the_last_activity_is_written_at_most_once_a_minute(signed_in, django_assert_num_queries):
    signed_in.get("/account/welcome")
    seen = Browser.objects.get().page_seen_at
    signed_in.get("/account/welcome")
    assert Browser.objects.get().page_seen_at == seen
    idle(minutes=2)
    signed_in.get("/account/welcome")
    assert Browser.objects.get().page_seen_at > seen


def test_signing_in_once_more_keeps_one_line_on_the_list(client, ada):
    sign_in(client)
    client.cookies.pop("ollio_session_8000")
    sign_in(client)
    assert ada.browsers.count() == 1


def test_another_browser_can_be_signed_out_alone(signed_in, ada):
    others = [Client(), Client()]
    for other in others:
        sign_in(other)
    name = others[0].get(CLIENT).json()["response"]["last_active_session_id"]
    signed_in.post(f"/account/sessions/{name}/end")
    assert others[0].get("/account").status_code == 302
    assert others[0].get(CLIENT).json()["response"]["sessions"] == []
    assert others[1].get("/account").status_code == signed_in.get("/account").status_code == 200


def test_nobody_signs_out_the_browser_of_another_person(signed_in, member):
    name = member.get(CLIENT).json()["response"]["last_active_session_id"]
    assert signed_in.post(f"/account/sessions/{name}/end").status_code == 302
    assert member.get("/account").status_code == 200


def test_an_admin_signs_a_person_out_everywhere(admin, member):
    admin.post(f"/users/{member.user.pk}/sign-out")
    assert member.get("/account").status_code == 302
    assert member.get(CLIENT).json()["response"]["sessions"] == []


def test_signing_out_leaves_nothing_behind(signed_in):
    answer = signed_in.post("/sign-out")
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert not Browser.objects.exists()
    assert not Session.objects.exists()


def test_the_admin_sites_own_sign_out_leads_to_ours(signed_in):
    assert signed_in.post("/back-room/logout/")["Location"] == "/sign-out"


@pytest.mark.parametrize("path", ["/account", "/settings", "/users", "/keys", "/back-room/"])
def test_no_page_of_the_signed_in_is_kept_by_the_browser(signed_in, path):
    assert "no-store" in signed_in.get(path)["Cache-Control"]


def test_a_sign_in_that_is_not_finished_keeps_no_session_for_long(client, ada):
    client.get("/sign-in")
    session = client.session
    session["something"] = "waits"
    session.save()
    assert Session.objects.get().expire_date < timezone.now() + timedelta(hours=2)
    sign_in(client)
    lives = Session.objects.get().expire_date - timezone.now()
    assert lives > timedelta(seconds=configured.SESSION_COOKIE_AGE - 60)


def test_a_session_of_before_the_upgrade_opens_no_page(client, ada):
    sign_in(client)
    session = client.session
    del session["browser_id"]
    session.save()
    assert client.get("/account")["Location"].startswith("/sign-in")
    assert (
        client.post("/sign-in", {"login": ada.email_address, "password": PASSWORD}).status_code
        == 302
    )

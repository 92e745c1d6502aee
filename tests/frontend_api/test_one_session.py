"""A sign-in on a hosted page also signs in to the application; one on the application's page does not sign in
to our pages.
"""

import pytest
from allauth.mfa.totp.internal.auth import TOTP

from invitations.models import Ticket
from tests.accounts.test_second_factor import SECRET, current_code
from tests.accounts.test_sessions import FIREFOX, SAFARI
from tests.accounts.visiting import sign_in
from tests.factories import PASSWORD, InvitationFactory, UserFactory

ADA = "ada@example.com"


@pytest.fixture
def ada(db):
    return UserFactory(email_address=ADA)


def test_who_signs_in_on_a_hosted_page_is_signed_in_for_the_application(browser, ada):
    sign_in(browser.pages)
    told = browser.client()
    [session] = told["sessions"]
    assert session["user"]["id"] == ada.pk
    assert browser.post(f"client/sessions/{session['id']}/tokens").status_code == 200
    assert told["id"] == browser.client()["id"]


def test_who_signs_in_on_the_applications_page_is_a_stranger_on_ours(browser, ada):
    browser.sign_in()
    assert browser.pages.get("/account")["Location"].startswith("/sign-in")
    sign_in(browser.pages)
    assert browser.pages.get("/account").context["user"] == ada
    assert browser.client()["sessions"][0]["user"]["id"] == ada.pk
    assert ada.browsers.count() == 1


def test_who_signs_up_on_a_hosted_page_is_signed_in_for_the_application(browser, application):
    ticket = Ticket.objects.mint(InvitationFactory(email_address=ADA), channel="mail")
    browser.pages.get("/v1/tickets/accept", {"ticket": ticket}, follow=True)
    browser.pages.post("/sign-up", {"password": PASSWORD})
    assert browser.client()["sessions"][0]["user"]["primary_email_address_id"]


def test_signing_out_on_either_kind_of_page_ends_both(browser, ada):
    session_id = browser.sign_in()
    browser.pages.post("/sign-out")
    assert browser.client()["sessions"] == []
    sign_in(browser.pages)
    assert browser.client()["last_active_session_id"] not in {session_id, None}
    browser.delete("client/sessions")
    assert browser.pages.get("/account").status_code == 302


def test_the_account_page_lists_both_and_ends_both(new_browser, ada):
    here = new_browser(headers={"user-agent": FIREFOX})
    there = new_browser(headers={"user-agent": SAFARI})
    sign_in(here.pages)
    there.sign_in()
    page = here.pages.get("/account/sessions").content.decode()
    assert "Firefox on Linux" in page
    assert "Safari on iPhone" in page
    here.pages.post("/account/sessions")
    assert there.client()["sessions"] == []
    assert here.client()["sessions"]


def test_the_account_page_ends_hosted_ones_at_both_doors(new_browser, ada):
    here, there = new_browser(), new_browser()
    sign_in(here.pages)
    sign_in(there.pages)
    here.pages.post("/account/sessions")
    assert there.pages.get("/account").status_code == 302
    assert there.client()["sessions"] == []
    assert here.client()["sessions"]


def test_a_sign_in_counts_as_activity(browser, ada):
    browser.sign_in()
    ada.refresh_from_db()
    assert ada.last_active_at == ada.last_login is not None


def test_each_sign_in_has_a_name_of_its_own(browser, new_browser, ada):
    other = new_browser()
    assert len({browser.sign_in(), other.sign_in()}) == 2
    browser.delete("client")
    assert browser.sign_in() != other.client()["last_active_session_id"]


def test_a_second_factor_on_the_hosted_page_leads_to_the_same(browser, ada):
    TOTP.activate(ada, SECRET)
    sign_in(browser.pages)
    assert browser.client()["sessions"] == []
    browser.pages.post("/sign-in/second-factor", {"code": current_code()})
    assert browser.client()["sessions"][0]["user"]["id"] == ada.pk

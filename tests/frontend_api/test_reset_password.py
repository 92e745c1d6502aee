import pytest

from tests.accounts.visiting import mails, sign_in
from tests.conftest import Browser
from tests.factories import PASSWORD, UserFactory
from tests.frontend_api.signing_in import ADA, attempt, begin, newest_code, path_of

NEW = "eight quiet otters"
RESET = "reset_password_email_code"


@pytest.fixture
def ada(db):
    return UserFactory(email_address=ADA)


def prove(browser):
    begun = begin(browser, strategy=RESET)
    return attempt(browser, begun, RESET, code=newest_code())


def choose(browser, proved, password=NEW, **more):
    return browser.post(path_of(proved, "reset_password"), password=password, **more)


def test_a_mailed_code_opens_the_way_to_a_new_password(browser, new_browser, ada):
    proved = prove(browser)
    assert proved.json()["response"]["status"] == "needs_new_password"
    assert proved.json()["client"]["sessions"] == []
    done = choose(browser, proved, sign_out_of_other_sessions="false").json()
    assert done["response"]["status"] == "complete"
    assert browser.client()["sessions"][0]["id"] == done["response"]["created_session_id"]
    assert new_browser().sign_in(password=NEW)
    assert begin(new_browser(), password=PASSWORD).status_code == 422


def test_it_ends_all_other_sessions_and_says_so_by_mail(browser, new_browser, ada):
    elsewhere, hosted, forced = new_browser(), new_browser(), Browser(ada)
    session_id = elsewhere.sign_in()
    sign_in(hosted.pages)
    choose(browser, prove(browser))
    assert elsewhere.client()["sessions"] == hosted.client()["sessions"] == []
    assert elsewhere.post(f"client/sessions/{session_id}/tokens").status_code == 401
    assert hosted.pages.get("/account").status_code == forced.get("/account").status_code == 302
    assert mails()[-1].to == [ADA]
    assert "password" in mails()[-1].subject.lower()


@pytest.mark.parametrize("weak", ["short", "password", ADA, "x" * 1030])
def test_a_weak_password_is_refused_and_a_better_one_may_follow(browser, ada, weak):
    proved = prove(browser)
    answer = choose(browser, proved, weak)
    [error] = answer.json()["errors"]
    assert (answer.status_code, error["meta"]["param_name"]) == (422, "password")
    assert error["code"].startswith("form_password_")
    assert browser.client()["sign_in"]["status"] == "needs_new_password"
    assert choose(browser, proved).json()["response"]["status"] == "complete"


def test_without_a_password_nothing_is_changed(browser, refused, ada):
    assert refused(choose(browser, prove(browser), "")) == (422, "form_param_missing", "password")


def test_before_the_code_there_is_nothing_to_choose(browser, refused, ada):
    begun = begin(browser, strategy=RESET)
    assert refused(choose(browser, begun)) == (404, "resource_not_found")


def test_a_code_to_sign_in_is_no_leave_to_choose(browser, refused, ada):
    begun = begin(browser, strategy="email_code")
    code = newest_code()
    assert refused(attempt(browser, begun, RESET, code=code))[1] == "form_code_incorrect"
    assert refused(choose(browser, begun)) == (404, "resource_not_found")


def test_it_is_chosen_once(browser, refused, ada):
    proved = prove(browser)
    choose(browser, proved)
    browser.delete("client")
    assert refused(choose(browser, proved, PASSWORD)) == (404, "resource_not_found")


def test_whoever_has_none_yet_chooses_the_first(browser, new_browser):
    UserFactory(email_address=ADA, password=None)
    assert choose(browser, prove(browser)).status_code == 200
    assert new_browser().sign_in(password=NEW)


@pytest.mark.parametrize(("verb", "code"), [("ban", "user_banned"), ("lock", "user_locked")])
def test_whoever_is_shut_out_meanwhile_chooses_nothing(browser, refused, ada, verb, code):
    proved, before = prove(browser), ada.password
    getattr(ada, verb)(by=None)
    assert refused(choose(browser, proved)) == (403, code)
    ada.refresh_from_db()
    assert ada.password == before


def test_a_mailbox_that_was_given_up_meanwhile_chooses_nothing(browser, refused, ada):
    proved = prove(browser)
    ada.move_to("ada@second.example")
    assert refused(choose(browser, proved)) == (404, "resource_not_found")

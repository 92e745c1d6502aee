import jwt
import pytest

from tests.factories import UserFactory

ADA = "ada@example.com"


@pytest.fixture
def ada(db):
    return UserFactory(email_address=ADA, first_name="Ada", private_metadata={"secret": 1})


@pytest.fixture
def session_id(browser, ada):
    return browser.sign_in()


def test_touch_goes_on_with_it(browser, session_id):
    said = {"active_organization_id": "", "intent": "select_session"}
    told = browser.post(f"client/sessions/{session_id}/touch", **said).json()
    assert (told["response"]["id"], told["response"]["status"]) == (session_id, "active")
    assert told["client"]["last_active_session_id"] == session_id
    assert told["response"]["last_active_token"]["jwt"].count(".") == 2


def test_a_token_names_person_session_and_page(browser, session_id, ada):
    told = browser.post(f"client/sessions/{session_id}/tokens").json()
    assert set(told) == {"object", "jwt"}
    claims = jwt.decode(told["jwt"], options={"verify_signature": False})
    assert (claims["sub"], claims["sid"]) == (ada.pk, session_id)
    assert claims["azp"] == browser.origin
    assert claims["exp"] - claims["iat"] == 60
    assert claims["iat"] - claims["nbf"] == 10


def test_reading_gives_a_token_for_the_page_that_reads(browser, session_id):
    [session] = browser.client()["sessions"]
    claims = jwt.decode(session["last_active_token"]["jwt"], options={"verify_signature": False})
    assert claims["azp"] == browser.origin


@pytest.mark.parametrize("origin", ["https://evil.example", "null"])
def test_reading_gives_no_token_to_a_page_that_is_not_welcome(browser, session_id, origin):
    browser.origin = origin
    [session] = browser.client()["sessions"]
    assert session["last_active_token"] is None


@pytest.mark.parametrize(("verb", "status"), [("end", "ended"), ("remove", "removed")])
def test_it_can_be_ended(browser, session_id, verb, status):
    told = browser.post(f"client/sessions/{session_id}/{verb}").json()
    assert (told["response"]["id"], told["response"]["status"]) == (session_id, status)
    assert told["response"]["last_active_token"] is None
    assert told["client"]["sessions"] == []
    assert browser.client()["sessions"] == []


@pytest.mark.parametrize("path", ["client", "client/sessions"])
def test_the_browser_can_forget_everybody(browser, session_id, path):
    former = browser.client()["id"]
    told = browser.delete(path).json()
    assert (told["response"]["sessions"], told["client"]) == ([], None)
    assert browser.client()["id"] != former
    assert browser.delete(path).status_code == 200  # a second time changes nothing


def test_what_was_begun_is_forgotten_too(browser):
    browser.post("client/sign_ins", identifier=ADA)
    browser.post("client/sign_ups", email_address="eve@example.com")
    assert browser.client()["sign_in"]
    assert browser.client()["sign_up"]
    browser.delete("client")
    assert browser.client()["sign_in"] is browser.client()["sign_up"] is None


def test_me_is_who_is_signed_in(browser, session_id, ada):
    told = browser.get("me").json()
    assert told["response"]["id"] == ada.pk
    assert told["response"]["first_name"] == "Ada"
    assert "private_metadata" not in told["response"]
    assert told["client"]["last_active_session_id"] == session_id


def test_nobody_is_me_in_a_browser_of_nobody(browser, refused):
    assert refused(browser.get("me")) == (401, "authentication_invalid")


def test_the_client_tells_of_one_session_with_the_same_names_each_time(browser, session_id):
    first, second = browser.client(), browser.client()
    assert [session["id"] for session in first["sessions"]] == [session_id]
    assert "private_metadata" not in first["sessions"][0]["user"]
    for name in ("id", "created_at"):
        assert first[name] == second[name]
        assert first["sessions"][0][name] == second["sessions"][0][name]
    assert first["sessions"][0]["expire_at"] == second["sessions"][0]["expire_at"]


def test_a_browser_of_nobody_gets_no_cookie_by_asking(browser):
    told = browser.client()
    assert (told["sessions"], told["sign_in"], told["sign_up"]) == ([], None, None)
    assert not browser.cookies


@pytest.mark.parametrize("verb", ["touch", "tokens", "end", "remove"])
def test_the_session_of_another_browser_is_not_there(browser, new_browser, refused, verb, ada):
    """It must be 401, not 404: only then does Clerk's component check again who is signed in."""
    other = new_browser()
    theirs = other.sign_in()
    mine = browser.sign_in()
    answer = browser.post(f"client/sessions/{theirs}/{verb}")
    assert refused(answer) == (401, "authentication_invalid")
    assert [session["id"] for session in browser.client()["sessions"]] == [mine]
    assert [session["id"] for session in other.client()["sessions"]] == [theirs]


@pytest.mark.parametrize("verb", ["touch", "tokens", "end", "remove"])
@pytest.mark.parametrize("name", ["sess_x", "x", "%00", "\u00e9", "None"])
def test_what_is_no_session_is_not_there(browser, refused, verb, name):
    answer = browser.post(f"client/sessions/{name}/{verb}")
    assert refused(answer)[0] in {400, 401, 404}

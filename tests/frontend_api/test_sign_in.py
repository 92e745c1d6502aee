from tests.factories import UserFactory


def test_address_and_password_sign_in_at_once(browser):
    ada = UserFactory(email_address="ada@example.com")
    answer = browser.post(
        "client/sign_ins", identifier="Ada@example.com", password="seven wet penguins"
    )
    told = answer.json()
    assert told["response"]["status"] == "complete"
    [session] = told["client"]["sessions"]
    assert session["id"] == told["response"]["created_session_id"]
    assert session["user"]["id"] == ada.pk
    assert browser.client()["last_active_session_id"] == session["id"]

import pytest

from tests.factories import UserFactory


@pytest.fixture
def ada(db):
    return UserFactory(email_address="ada@example.com")


@pytest.mark.parametrize("path", ["client", "client/sessions"])
def test_a_browser_signs_out_and_forgets_what_it_has_begun(browser, ada, path):
    browser.sign_in()
    answer = browser.delete(path)
    assert (answer.status_code, answer.json()["client"]) == (200, None)
    client = answer.json()["response"]
    assert (client["sessions"], client["sign_in"], client["sign_up"]) == ([], None, None)
    assert browser.get("me").status_code == 401


def test_a_browser_that_nobody_is_signed_in_to_may_do_it_too(browser):
    assert browser.delete("client").status_code == 200

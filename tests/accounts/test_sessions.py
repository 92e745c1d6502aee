import pytest

from accounts.templatetags.browsers import browser_name
from tests.conftest import Browser
from tests.factories import UserFactory

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1"
)
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0"


@pytest.fixture
def two(db):
    user = UserFactory()
    browsers = [Browser(user, headers={"user-agent": agent}) for agent in (FIREFOX, SAFARI)]
    for browser in browsers:
        browser.get("/account")
    return browsers


def test_all_signed_in_browsers_are_listed(two):
    page = two[0].get("/account/sessions").content.decode()
    assert "Firefox on Linux" in page
    assert "Safari on iPhone" in page
    assert page.count("This browser") == 1


def test_all_others_can_be_signed_out(two):
    here, elsewhere = two
    here.post("/account/sessions")
    assert here.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 302


def test_those_of_others_are_not_listed(two, member):
    member.get("/account")
    assert "Safari on iPhone" not in member.get("/account/sessions").content.decode()


def test_alone_there_is_nobody_to_sign_out(member):
    assert "Sign out all others" not in member.get("/account/sessions").content.decode()


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (FIREFOX, "Firefox on Linux"),
        (SAFARI, "Safari on iPhone"),
        (EDGE, "Edge on Windows"),
        ("curl/8", "A browser"),
        ("", "A browser"),
    ],
)
def test_browsers_go_by_the_names_people_know(agent, name):
    assert browser_name(agent) == name

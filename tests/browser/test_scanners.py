"""Mail scanners open every link and press every button before the person does."""

import pytest
from playwright.sync_api import expect

from accounts.addresses import normalise_email
from accounts.models import User
from invitations.models import Invitation, Message
from tests.browser.hands import Mouse
from tests.factories import PASSWORD, UserFactory

ADA = "ada@example.com"
_METHODS = ("GET", "HEAD", "OPTIONS")
_SUBMIT_EMPTY = """form => {
    form.querySelectorAll("input:not([type=hidden])").forEach((input) => { input.value = ""; });
    HTMLFormElement.prototype.submit.call(form);
}"""


@pytest.fixture
def link(site):
    Invitation.objects.create_pending(address=normalise_email(ADA), by=UserFactory(operator=True))
    return site.link_to(ADA)


def scan(window, link, *, javascript=True, visits=1):
    """Request the link with every method that should change nothing, then submit each form empty."""
    scanner = window(javascript=javascript)
    for method in _METHODS * visits:
        scanner.context.request.fetch(link, method=method, max_redirects=0)
    scanner.open(link)
    forms = scanner.page.locator("form").count()
    assert forms
    for number in range(forms):
        scanner.open(link)
        with scanner.page.expect_navigation():
            scanner.page.locator("form").nth(number).evaluate(_SUBMIT_EMPTY)
    return scanner


def assert_nothing_happened(scanner):
    assert Invitation.objects.get().status == "pending"
    assert Message.objects.count() == 1
    assert "ollio_session_8000" not in {cookie["name"] for cookie in scanner.context.cookies()}


@pytest.mark.parametrize(("javascript", "visits"), [(True, 34), (False, 1)])
def test_scanners_spend_no_invitation(link, window, javascript, visits):
    assert_nothing_happened(scan(window, link, javascript=javascript, visits=visits))
    assert not User.objects.filter(email_address=ADA).exists()

    person = Mouse(window())
    person.open(link)
    person.write("Password", PASSWORD)
    person.press("Create account")
    expect(person.page.get_by_role("heading", name="You are in")).to_be_visible()
    assert Invitation.objects.get().status == "accepted"


def test_scanners_accept_nothing_for_a_member(link, window):
    UserFactory(email_address=ADA)
    assert_nothing_happened(scan(window, link))

    person = Mouse(window())
    person.open(link)
    person.write("E-mail address", ADA)
    person.write("Password", PASSWORD)
    person.press("Sign in")
    person.press("Accept the invitation")
    expect(person.page.get_by_role("heading", name="You are in")).to_be_visible()
    assert Invitation.objects.get().status == "accepted"

"""A ticket goes to Ollio and, if the invitation has one, to its redirect URL; to no other site."""

import pytest
from playwright.sync_api import expect

from accounts.addresses import normalise_email
from accounts.models import Application
from invitations.models import Invitation
from tests.browser.hands import Mouse
from tests.factories import PASSWORD, UserFactory

ADA = "ada@example.com"
_DECORATE = """url => document.querySelector("main").insertAdjacentHTML(
    "beforeend", `<a href="${url}/link">Elsewhere</a><img src="${url}/image" alt="">`)"""


@pytest.fixture
def invite(site):
    def invite(**fields):
        Invitation.objects.create_pending(
            address=normalise_email(ADA), by=UserFactory(operator=True), **fields
        )
        return site.link_to(ADA)

    return invite


def referrers(visitor):
    return [request.all_headers().get("referer", "") for request in visitor.requests]


def test_no_ticket_leaves_the_sign_up_page(invite, window, elsewhere):
    visitor = window(elsewhere=elsewhere.url)
    visitor.open(invite())
    visitor.page.evaluate(_DECORATE, elsewhere.url)
    visitor.page.get_by_role("link", name="Elsewhere").click()
    visitor.page.wait_for_url(f"{elsewhere.url}/link")
    assert elsewhere.visits == [("/link", None)]  # the page's policy refused the image
    assert "img-src" in visitor.trouble.pop()
    assert not any("olt_" in referrer for referrer in referrers(visitor))


def test_no_ticket_goes_on_to_the_application_after_sign_up(invite, window, elsewhere):
    Application.objects.current()
    Application.objects.update(home_url=f"{elsewhere.url}/home")
    visitor = window(elsewhere=elsewhere.url)
    hands = Mouse(visitor)
    hands.open(invite())
    hands.write("Password", PASSWORD)
    hands.press("Create account")
    hands.follow("Continue to Ollio")
    expect(visitor.page).to_have_title("Elsewhere")
    assert elsewhere.visits == [("/home", None)]
    assert not any("olt_" in referrer for referrer in referrers(visitor))


def test_a_target_gets_the_ticket_in_its_query_and_no_referrer(invite, window, elsewhere):
    visitor = window(elsewhere=elsewhere.url)
    link = invite(redirect_url=f"{elsewhere.url}/welcome?from=mail")
    visitor.open(link)
    ticket = link.partition("ticket=")[2]
    target = f"/welcome?from=mail&__clerk_ticket={ticket}&__clerk_status=sign_up"
    assert elsewhere.visits == [(target, None)]

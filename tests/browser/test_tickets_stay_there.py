"""Pages of applications have the ticket in their query: no site but theirs and Ollio gets it."""

import pytest
from playwright.sync_api import expect

from tests.browser.clerk import add_pages
from tests.browser.component import ADA, invite
from tests.browser.custom_flow import add_docs_pages

CLERKS = (add_pages, "/join")
OLLIOS = (add_docs_pages, "/component")
FORM = (add_docs_pages, "/join")
SIGN_IN_FORM = (add_docs_pages, "/sign-in")
_OUTGOING = '<img src="{url}/image" alt=""><a href="{url}/link">Elsewhere</a>'
_TELL_ALL = '<meta name="referrer" content="unsafe-url">'
_LOAD = """url => new Promise((resolve) => {
    const image = document.body.appendChild(new Image());
    image.onload = image.onerror = resolve;
    image.src = `${url}/later`;
})"""


@pytest.fixture
def referrers(site, application, window, elsewhere):
    """Return the Referer headers that another site gets: for an image of the page, a later image and a link."""

    def referrers(road, *, page_says=""):
        add, path = road
        started = add(application())
        started.pages[path] += page_says + _OUTGOING.format(url=elsewhere.url)
        invite(redirect_url=f"{started.url}{path}")
        come_and_go(window(elsewhere=[started.url, elsewhere.url]), site.link_to(ADA), elsewhere)
        assert ["olt_" in target for target, _referrer in started.visits] == [True]
        assert [path for path, _referrer in elsewhere.visits] == ["/image", "/later", "/link"]
        return [referrer or "" for _path, referrer in elsewhere.visits]

    return referrers


def come_and_go(visitor, link, elsewhere):
    visitor.open(link)
    expect(visitor.page.get_by_label("Password", exact=True)).to_be_visible()
    visitor.page.evaluate(_LOAD, elsewhere.url)
    visitor.page.get_by_role("link", name="Elsewhere").click()
    visitor.page.wait_for_url(f"{elsewhere.url}/link")


@pytest.mark.parametrize("road", [CLERKS, OLLIOS], ids=["Clerk's", "Ollio's"])
def test_a_page_with_a_component_tells_nobody_its_ticket(referrers, road):
    assert not any("olt_" in referrer for referrer in referrers(road))


@pytest.mark.parametrize("road", [FORM, SIGN_IN_FORM], ids=["sign-up", "sign-in"])
def test_a_page_of_the_documentation_tells_nothing_at_all(referrers, road):
    assert referrers(road) == ["", "", ""]


@pytest.mark.parametrize(
    "road", [OLLIOS, FORM, SIGN_IN_FORM], ids=["component", "sign-up", "sign-in"]
)
def test_even_a_page_that_tells_all_has_no_ticket_left_to_tell(referrers, road):
    too_early, later, at_last = referrers(road, page_says=_TELL_ALL)
    assert "olt_" in too_early  # so the recorder sees Referer headers
    assert later == at_last != ""
    assert "olt_" not in later

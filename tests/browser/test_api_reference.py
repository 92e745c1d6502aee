"""The page to read the API on. It keeps its package's look (decisions 27): it is not judged as ours are."""

from tests.browser.look import PHONE, SCHEMES, shoot
from tests.browser.window import WIDE
from tests.factories import UserFactory

_WIDTH = "document.documentElement.scrollWidth"


def test_the_reference_is_drawn_within_the_policy_and_asks_for_no_key(window):
    reader = window(user=UserFactory(operator=True))
    page = reader.page
    for size in (WIDE, PHONE):
        page.set_viewport_size(size)
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            reader.open("/api-reference")
            page.get_by_text("/v1/invitations/bulk").wait_for()
            page.get_by_text("Get restrictions").click()
            page.get_by_text("blocklist").first.wait_for()
            shoot(page, f"api reference {size['width']} {scheme}")
            assert page.evaluate(_WIDTH) <= size["width"]
    assert page.get_by_role("button", name="Authorize").count() == 0
    assert page.get_by_role("button", name="Try it out").count() == 0
    assert page.get_by_role("button", name="authorization").count() == 0


def test_without_javascript_it_says_where_the_description_is(window):
    reader = window(user=UserFactory(operator=True), javascript=False)
    reader.open("/api-reference")
    reader.page.get_by_role("link", name="The same as JSON").click()
    assert reader.page.url.endswith("/v1/openapi.json")

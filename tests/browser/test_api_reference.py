"""The page that shows the API description. It has the look of its package, so our rules for pages do not apply."""

from playwright.sync_api import expect

from tests.browser.look import PHONE, SCHEMES, shoot
from tests.browser.window import WIDE
from tests.factories import UserFactory

_WIDTH = "document.documentElement.scrollWidth"
_DRAWN = 60_000  # milliseconds: a busy machine needs long for 1.5 MB of script


def test_the_reference_is_drawn_within_the_policy_and_asks_for_no_key(window):
    reader = window(user=UserFactory(operator=True))
    page = reader.page
    page.set_default_timeout(_DRAWN)
    reader.open("/api-reference")
    page.get_by_text("Get restrictions").click()
    page.get_by_text("blocklist").first.wait_for()
    for size in (WIDE, PHONE):
        page.set_viewport_size(size)
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            shoot(page, f"api reference {size['width']} {scheme}")
        assert page.evaluate(_WIDTH) <= size["width"]
    for name in ("Authorize", "Try it out", "authorization"):
        assert page.get_by_role("button", name=name).count() == 0


def test_the_frontend_api_is_a_click_away(window):
    reader = window(user=UserFactory(operator=True))
    page = reader.page
    page.set_default_timeout(_DRAWN)
    reader.open("/api-reference")
    page.get_by_role("link", name="Frontend API").click()
    page.get_by_text("Create sign up").wait_for()
    shoot(page, "api reference frontend")
    page.get_by_role("link", name="Backend API").click()
    page.get_by_text("Get restrictions").wait_for()


def test_it_is_dark_where_the_reader_is(window):
    reader = window(user=UserFactory(operator=True), color_scheme="dark")
    reader.page.set_default_timeout(_DRAWN)
    reader.open("/api-reference")
    reader.page.locator("html.dark-mode").wait_for(state="attached")
    reader.page.emulate_media(color_scheme="light")
    reader.page.locator("html:not(.dark-mode)").wait_for(state="attached")


def test_without_javascript_it_says_where_the_description_is(window):
    reader = window(user=UserFactory(operator=True), javascript=False)
    reader.open("/api-reference")
    link = reader.page.get_by_role("link", name="The same as JSON")
    expect(link).to_have_attribute("href", "/v1/openapi.json")

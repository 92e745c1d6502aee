"""Checks of how a page looks: light and dark, wide and narrow, with axe-core, and for horizontal scrolling."""

import json
import os
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe

from tests.browser.window import WIDE

PHONE = {"width": 390, "height": 844}
SMALL_PHONE = {"width": 320, "height": 640}
SCHEMES = ("light", "dark")
_SHOTS = os.environ.get("OLLIO_SHOTS")
_AXE = Axe().axe_script
_RUN_AXE = "options => axe.run(document, options)"
_EVERY_RULE = {"resultTypes": ["violations"], "preload": False}
# The dark scheme changes only colours.
_COLOUR_RULES = {**_EVERY_RULE, "runOnly": ["color-contrast", "link-in-text-block"]}
_TOO_WIDE = """() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    return [...document.body.querySelectorAll("*")]
        .filter((element) => element.getBoundingClientRect().right > width + 0.5)
        .map((element) => element.outerHTML.slice(0, 80));
}"""


def complaints(window, *, name):
    """Return what is wrong with the page. OLLIO_SHOTS gets a picture of each state."""
    page, found = window.page, []
    page.evaluate(_AXE)
    for size in (WIDE, PHONE):
        page.set_viewport_size(size)
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            found += _axe(page, scheme=scheme, size=size)
            shoot(page, f"{name} {size['width']} {scheme}")
    found += too_wide_on_phones(page)
    page.set_viewport_size(WIDE)
    page.emulate_media(color_scheme="light")
    return found


def too_wide_on_phones(page):
    found = []
    for size in (PHONE, SMALL_PHONE):
        page.set_viewport_size(size)
        found += [f"wider than {size['width']}: {part}" for part in too_wide(page)]
    return found


def too_wide(page):
    return page.evaluate(_TOO_WIDE)


def _axe(page, *, scheme, size):
    rules = _EVERY_RULE if scheme == "light" else _COLOUR_RULES
    return [
        f"{size['width']} {scheme}: {violation['id']}: {_nodes(violation)}"
        for violation in page.evaluate(_RUN_AXE, rules)["violations"]
    ]


def _nodes(violation):
    return json.dumps(
        [(node["html"][:150], node["failureSummary"]) for node in violation["nodes"]][:3]
    )


def shoot(page, name):
    if _SHOTS:
        path = Path(_SHOTS) / f"{name.replace(' ', '-')}.png"
        page.screenshot(path=path, full_page=True, caret="initial")

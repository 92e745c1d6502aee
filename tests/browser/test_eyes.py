"""Tests of the checks themselves: a watched browser must notice these faults."""

import pytest

from tests.browser.look import complaints

FAULTS = {
    "an inline style": ("<p style='color: red'>x</p>", "Content Security Policy"),
    "an inline script": ("<img src='' onerror='alert(1)' alt=''>", "Content Security Policy"),
    "an image from elsewhere": (
        "<img src='https://elsewhere.example/x.png' alt=''>",
        "Content Security Policy",
    ),
    "a file that is not there": ("<img src='/static/none.png' alt=''>", "404"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_window_notices(fault, window):
    visitor = window()
    visitor.open("/password/reset")
    html, noticed = FAULTS[fault]
    visitor.page.evaluate("html => document.body.insertAdjacentHTML('beforeend', html)", html)
    visitor.page.wait_for_load_state("networkidle")
    assert any(noticed in trouble for trouble in visitor.trouble)
    visitor.trouble.clear()


def test_a_window_notices_dialogs_and_errors(window):
    visitor = window()
    visitor.open("/password/reset")
    visitor.page.evaluate("setTimeout(() => { alert('boo'); missing(); })")
    visitor.page.wait_for_timeout(200)
    assert [trouble.partition(": ")[2].split(":")[0] for trouble in visitor.trouble] == [
        "dialog",
        "error",
    ]
    visitor.trouble.clear()


def test_looking_finds_what_axe_and_a_ruler_find(window):
    visitor = window()
    visitor.open("/password/reset")
    visitor.page.evaluate("""() => {
        const main = document.querySelector("main");
        main.append(new Image());
        const faint = document.createElement("p");
        faint.textContent = "hard to read, and far too wide";
        faint.style.cssText = "color: #777; background: #666; width: 60rem";
        main.append(faint);
    }""")
    found = " ".join(complaints(visitor, name="eyes"))
    for complaint in (
        "1280 light: image-alt",
        "390 light: color-contrast",
        "1280 dark: color-contrast",
        "wider than 390",
        "wider than 320",
    ):
        assert complaint in found

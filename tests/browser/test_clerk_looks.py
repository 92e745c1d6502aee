"""Clerk's cards with Ollio's texts, on phones and desktops, light and dark.

Their markup is not ours, and axe sees neither their gradients nor the browser's own dark background. So contrast is
measured in a picture of the page.
"""

from base64 import b64encode
from itertools import product

import pytest

from accounts.models import Application, User
from tests.browser.clerk import PORT
from tests.browser.look import PHONE, SCHEMES, shoot, too_wide, too_wide_on_phones
from tests.browser.window import WIDE
from tests.factories import PASSWORD, UserFactory
from tests.frontend_api.signing_up import ticket_for

ADA = "augusta.ada.king.countess.of.lovelace@mathematics.example.com"
# The background colours of page and card. Clerk's colours are `light-dark()`: a card follows the
# `color-scheme` of its page. Here that is both; on a page without a dark scheme a card stays light.
GROUNDS = {"light": ["255 255 255", "255 255 255"], "dark": ["18 18 18", "33 33 38"]}
# Clerk's own red has less contrast than WCAG requires of small text. The application can choose
# another (`colorDanger`), so we only check that it does not get worse.
READABLE, READABLE_RED = 4.5, 3.5
_RED = ".cl-alertText, .cl-formFieldErrorText"
_HAS_ITS_COLOURS = "!document.getAnimations().some((each) => each instanceof CSSTransition)"
# For every enabled element with text: the text, whether it is red, and the colours of its box,
# most frequent first.
_SEE = """async ([picture, red]) => {
    const bitmap = await createImageBitmap(await (await fetch(picture)).blob());
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    const brush = canvas.getContext("2d", {willReadFrequently: true});
    brush.drawImage(bitmap, 0, 0);
    const own = (element) => [...element.childNodes].filter((node) => node.nodeType === 3);
    const words = (element) => element.value || element.placeholder
        || own(element).map((node) => node.data).join("").trim();
    const shown = {opacityProperty: true, visibilityProperty: true};
    const colours = ({x, y, width, height}) => {
        const inside = [x + scrollX + 4, y + scrollY + 4, width - 8, height - 8];  // no border
        const {data} = brush.getImageData(...inside.map((part) => part * devicePixelRatio));
        const counts = {};
        for (let at = 0; at < data.length; at += 4) {
            const colour = data.slice(at, at + 3).join(" ");
            counts[colour] = (counts[colour] ?? 0) + 1;
        }
        return Object.keys(counts).sort((one, other) => counts[other] - counts[one]);
    };
    return [...document.body.querySelectorAll("*")]
        .filter((element) => element.checkVisibility(shown))
        .map((element) => [element, element.getBoundingClientRect()])
        .filter(([element, box]) => words(element) && box.width > 9 && box.height > 9)
        .filter(([element]) => !element.closest(":disabled"))
        .map(([element, box]) => [words(element), element.matches(red), colours(box)]);
}"""


@pytest.fixture
def ada(visitor):
    ada = visitor(
        PORT, viewport=PHONE, device_scale_factor=2
    )  # enough pixels to show the full colour of thin strokes
    Application.objects.update(name="Analytical Engines of Great Britain")
    for status in (400, 422):
        ada.window.expect_refusal(status, "/client/sign_")
    return ada


def faults(visitor):
    """Return what makes the shown card hard to read, in both schemes and both sizes."""
    page, found = visitor.page, []
    for scheme, size in product(SCHEMES, (WIDE, PHONE)):
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme)
        page.wait_for_function(_HAS_ITS_COLOURS)
        where = f"{size['width']} {scheme}"
        shoot(page, f"clerk {where} {page.get_by_role('heading').last.inner_text()}")
        found += [f"{where}: {fault}" for fault in (*too_wide(page), *_unreadable(page, scheme))]
    found += too_wide_on_phones(page)
    page.set_viewport_size(PHONE)
    return found


def _unreadable(page, scheme):
    picture = f"data:image/png;base64,{b64encode(page.screenshot(full_page=True)).decode()}"
    seen = page.evaluate(_SEE, [picture, _RED])
    page_title, card_title, *_ = seen
    grounds = [page_title[2][0], card_title[2][0]]
    found = [] if grounds == GROUNDS[scheme] else [f"painted in {grounds}"]
    for words, is_red, colours in seen:
        contrast = _contrast(*colours)
        if contrast < (READABLE_RED if is_red else READABLE):
            found.append(f"{contrast:.2f} to 1: {words}")
    return found


def _contrast(ground, *others):
    """Return the contrast of text to its background as WCAG defines it. The text has the colour that differs most."""
    lights = [_light(colour) / _light(ground) for colour in others]
    return max((max(light, 1 / light) for light in lights), default=1)


def _light(colour):
    parts = [int(part) / 255 for part in colour.split()]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05


def visit_with_ticket(visitor, **state):
    visitor.visit(f"/sign-up?__clerk_ticket={ticket_for(ADA, **state)}")


def test_an_invited_person_can_read_every_card(ada):
    visit_with_ticket(ada)
    ada.sees_card("Fill in missing fields")
    assert faults(ada) == []
    ada.choose_password(ADA)
    ada.press("Continue")
    ada.is_told("Your password is not strong enough.", at="Password")
    assert faults(ada) == []
    ada.choose_password(PASSWORD)
    ada.press("Continue")
    ada.is_home(ADA)
    assert User.objects.filter(email_address=ADA).exists()


def test_sign_up_and_its_refusals_can_be_read(ada):
    visit_with_ticket(ada, expired=True)
    ada.sees_card("Create your account")
    ada.sees("This link has expired.")
    assert faults(ada) == []
    ada.write("Email address", ADA)
    ada.choose_password(PASSWORD)
    ada.press("Continue")
    ada.sees_card("Verify your email")
    assert faults(ada) == []
    Application.objects.update(sign_up_mode="restricted")
    ada.visit("/sign-up")
    ada.sees_card("Access restricted")
    assert faults(ada) == []


def test_sign_in_and_its_refusal_can_be_read(ada):
    UserFactory(email_address=ADA)
    ada.visit("/sign-in")
    ada.sees_card("Sign in to")
    assert faults(ada) == []
    ada.write("Email address", ADA)
    ada.press("Continue")
    ada.sees_card("Enter your password")
    ada.write("Password", "six wet penguins")
    ada.press("Continue")
    ada.is_told("This address and password do not belong together. Check both.", at="Password")
    assert faults(ada) == []
    ada.write("Password", PASSWORD)
    ada.press("Continue")
    ada.is_home(ADA)

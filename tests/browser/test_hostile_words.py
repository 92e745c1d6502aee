"""Text that people type is shown exactly as typed, and is never run as HTML, script or template."""

import pytest

from tests.browser.walks import WALKS, newcomers
from tests.browser.words import HOSTILE, metadata_text

# Elements that a page would contain if it took the text for HTML.
_PLANTED = (
    "svg[onload], img[src='x'], iframe[srcdoc], script:not([src]):not([type='application/json'])"
)
_CALCULATED = str(777 * 777)
_SHOWN = {
    "invited sign-up": [HOSTILE.first_name, HOSTILE.last_name, HOSTILE.address("ada")],
    "restricted sign-up": [HOSTILE.address("help")],
    "invitations": [HOSTILE.first_name, HOSTILE.address("person0")],
    "invitation with a redirect URL": [HOSTILE.redirect_url, metadata_text(HOSTILE)],
    "user": [HOSTILE.first_name, HOSTILE.last_name, metadata_text(HOSTILE)],
    "ban dialog": [HOSTILE.first_name, HOSTILE.last_name],
    "user banned": [HOSTILE.first_name, HOSTILE.last_name],
    "delete page": [HOSTILE.first_name, HOSTILE.last_name],
    "edit metadata refused": [HOSTILE.first_name, metadata_text(HOSTILE)],
    "passkeys": [HOSTILE.key],
    "keys": [HOSTILE.key, HOSTILE.first_name],
    "operators": [HOSTILE.first_name, HOSTILE.address("grace")],
    "audit log of one kind": [HOSTILE.key, HOSTILE.first_name, HOSTILE.address("grace")],
    "mailbox": [HOSTILE.address("ada")],
}


@pytest.mark.parametrize("walk", WALKS, ids=lambda walk: walk.__name__)
def test_hostile_words_are_only_words(walk, window, site, subtests):
    visitor = window(user_agent=HOSTILE.user_agent)
    for name in walk(visitor, site, HOSTILE):
        with subtests.test(name):
            text = visitor.page.locator("body").inner_text()
            shown = [] if walk is newcomers else [HOSTILE.application, *_SHOWN.get(name, [])]
            assert [words for words in shown if words not in text] == []
            assert _CALCULATED not in text
            assert visitor.page.locator(_PLANTED).count() == 0
            assert visitor.trouble == []

"""Every page in every state that looks different: checked with axe-core, and for horizontal scrolling."""

import pytest

from tests.browser.look import complaints
from tests.browser.walks import WALKS
from tests.browser.words import PLAIN


@pytest.mark.parametrize("walk", WALKS, ids=lambda walk: walk.__name__)
def test_pages_shut_nobody_out(walk, window, site, subtests):
    visitor = window()
    for name in walk(visitor, site, PLAIN):
        with subtests.test(name):
            assert complaints(visitor, name=name) == []

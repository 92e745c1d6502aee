"""Pages for signed-in users are never cached."""

import pytest

from config import urls
from tests.test_doors import PAGES

CLOSED = [path for name, path in PAGES if name not in urls.PUBLIC]


@pytest.mark.parametrize("path", CLOSED)
def test_no_closed_page_may_be_kept(admin, path):
    assert "no-store" in admin.get(path)["Cache-Control"]
    assert "no-store" in admin.post(path)["Cache-Control"]


def test_there_are_many_such_pages():
    assert len(CLOSED) > 40
    assert {"/account", "/keys", "/settings", "/back-room/"} <= set(CLOSED)

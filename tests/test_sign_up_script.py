"""`{base}/sign-up.js`, as any page may load it."""

import gzip

import pytest
from django.conf import settings
from django.test import Client

_MOST = 8_000  # bytes


@pytest.fixture
def get():
    return lambda **headers: Client().get("/sign-up.js", headers=headers)


def test_any_page_may_load_the_script(get):
    answer = get()
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert b'customElements.define("ollio-sign-up"' in answer.content
    assert not answer.cookies


def test_the_script_is_small_on_the_wire(get):
    answer = get(accept_encoding="br, gzip;q=0.8, deflate")
    assert answer["Content-Encoding"] == "gzip"
    assert len(answer.content) <= _MOST
    assert gzip.decompress(answer.content) == get().content


@pytest.mark.parametrize("accepted", ["", "identity", "gzip;q=0", "br, gzip; q=0.0, *", "xgzip"])
def test_who_cannot_unzip_gets_it_plain(get, accepted):
    answer = get(accept_encoding=accepted)
    assert "Content-Encoding" not in answer
    assert answer["Vary"] == "Accept-Encoding"


def test_an_update_gets_through_within_minutes(get):
    first = get()
    assert first["Cache-Control"] == "public, max-age=300"
    again = get(if_none_match=first["ETag"], accept_encoding="gzip")
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"]
    assert again["Access-Control-Allow-Origin"] == "*"


def test_it_holds_no_word_that_makes_html_of_data(get):
    script = get().content.decode()
    for word in (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "style=",
    ):
        assert word not in script


def test_its_parts_are_small():
    parts = [*(settings.BASE_DIR / "static" / "js" / "sign-up").iterdir()]
    assert {part.name: n for part in parts if (n := len(part.read_text().splitlines())) > 250} == {}

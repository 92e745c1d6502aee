"""The pages of docs/custom-flow.md, unchanged, served by another application."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser import component
from tests.browser.hands import Mouse

ADA = "ada@example.com"
WELCOME = f"Welcome, {ADA}."
HOME = "<!doctype html><html lang=en><meta charset=utf-8><title>Acme</title><h1>At home"

_DOCS = (Path(__file__).resolve().parents[2] / "docs" / "custom-flow.md").read_text()
_PAGES = re.findall(r"^```html\n(<!doctype html>.+?)^```", _DOCS, re.MULTILINE | re.DOTALL)
[_SNIPPET] = re.findall(r"^```html\n(<meta .+?)^```", _DOCS, re.MULTILINE | re.DOTALL)
_HEAD = '<!doctype html><html lang="en"><meta charset="utf-8"><title>Join</title>'
_OLLIO = "https://ollio.example.com"


def add_docs_pages(application):
    """Serve forms at /short, /join and /sign-in, and <ollio-sign-up> at /component."""
    shown = dict(zip(["/short", "/join", "/sign-in"], _PAGES, strict=True))
    for path, page in {**shown, "/component": _HEAD + _SNIPPET}.items():
        assert page.count(_OLLIO) == 1
        beside = page.replace(f"{_OLLIO}/__clerk", application.proxy_url)
        application.pages[path] = beside.replace(_OLLIO, application.ollio.geturl())
    return application


@pytest.fixture
def acme(application):
    """Another application, beside Ollio or as a proxy in front of it."""

    def start(**options):
        return add_docs_pages(application({"/": HOME}, **options))

    return start


@pytest.fixture
def visitor(acme, window):
    def sit_down(hands=Mouse, **options):
        started = acme(**options)
        visitor = hands(window(elsewhere=started.url))
        visitor.there = started.url
        for status in (400, 403, 422, 429):
            visitor.window.expect_refusal(status, "/__clerk/v1/client/")
        return visitor

    return sit_down


def invite(there, **fields):
    return component.invite(redirect_url=f"{there}/join", **fields)


def visit(visitor, page, *, ticket=""):
    visitor.page.goto(f"{visitor.there}/{page}" + (f"?__clerk_ticket={ticket}" if ticket else ""))


def sees(visitor, text):
    expect(visitor.page.get_by_text(text)).to_be_visible()


def is_told(visitor, text):
    expect(visitor.page.get_by_role("alert")).to_contain_text(text)

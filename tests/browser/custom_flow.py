"""The pages of docs/custom-flow.md as they stand there, on the pages of somebody else's application."""

import re
from pathlib import Path

_DOCS = (Path(__file__).resolve().parents[2] / "docs" / "custom-flow.md").read_text()
_PAGES = re.findall(r"^```html\n(<!doctype html>.+?)^```", _DOCS, re.MULTILINE | re.DOTALL)
[_SNIPPET] = re.findall(r"^```html\n(<meta .+?)^```", _DOCS, re.MULTILINE | re.DOTALL)
_HEAD = '<!doctype html><html lang="en"><meta charset="utf-8"><title>Join</title>'
_OLLIO = "https://ollio.example.com"


def add_docs_pages(application):
    """Forms at /short, /join and /sign-in, <ollio-sign-up> at /component."""
    shown = dict(zip(["/short", "/join", "/sign-in"], _PAGES, strict=True))
    for path, page in {**shown, "/component": _HEAD + _SNIPPET}.items():
        assert page.count(_OLLIO) == 1
        beside = page.replace(f"{_OLLIO}/__clerk", application.proxy_url)
        application.pages[path] = beside.replace(_OLLIO, application.ollio.geturl())
    return application

"""Readers can follow every reference: each document, heading and rule that is named is in the repository."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_SCRIPTS = {".js", ".mjs", ".jsx"}
_TEXT = {".py", ".md", ".html", ".txt", ".mjml", ".css", ".toml", ".example", "", *_SCRIPTS}
# Names and numbers of rules, faults, chapters and issues that no file here defines. It does not match itself.
_ELSEWHERE = re.compile(
    r"\b[RT]-[A-Z]\d|(?<![%\w])[FI]\d{1,2}\b|\b(?:contract|decisions?|safety|reliability)(?:\.md)? \d"
    r"|\b(?:the|this) con[t]ract\b|\b[Ii]ssues? #?\d|\bcondition [a-h]\b|\brequests? \d (?:and|to) \d"
)
_DOCUMENT = re.compile(r"(?<![\w/.])((?:docs/)?[\w-]+\.md)(?:#([\w-]+))?")


def texts():
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    for name in listed.stdout.split("\n"):
        path = ROOT / name
        if path.suffix in _TEXT and path.is_file() and "requirements" not in name:
            yield path, path.read_text()


def anchors(document):
    """Return the anchors of the document's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", document.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_no_file_names_a_rule_of_another_document():
    found = {str(path.relative_to(ROOT)): _ELSEWHERE.findall(text) for path, text in texts()}
    assert {name: rules for name, rules in found.items() if rules} == {}


def test_each_document_and_heading_that_is_named_is_there():
    lost = []
    for path, text in texts():
        for name, anchor in _DOCUMENT.findall(text):
            places = [path.parent / name, ROOT / name, ROOT / "docs" / name]
            document = next(filter(Path.is_file, places), ROOT / name)
            if not document.is_file() or (anchor and anchor not in anchors(document)):
                lost.append(f"{path.relative_to(ROOT)}: {name}#{anchor}")
    assert lost == []


def test_an_anchor_of_a_page_is_one_of_its_headings():
    lost = []
    for path, text in texts():
        if path.suffix == ".md":
            named = re.findall(r"\]\(#([\w-]+)\)", text)
            lost += [f"{path.name}#{anchor}" for anchor in named if anchor not in anchors(path)]
    assert lost == []

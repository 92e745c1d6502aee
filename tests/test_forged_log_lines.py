"""Text from a visitor cannot start a new line in the log, and cannot move the terminal's cursor."""

import json
import logging
import sys

import pytest
from structlog.stdlib import ProcessorFormatter

from config.logging import configure_logging

FORGED = "2026-11-30T23:59:59Z [info     ] signed_in"
SENT = f"GET /a\r\n{FORGED}\x1b[2J\x9b\u2028b\u202e"


def written(*, as_json, message="%s", exc_info=None, **values):
    made = configure_logging(json=as_json, level="INFO")["formatters"]["lines"]
    formatter = ProcessorFormatter(**{name: made[name] for name in made if name != "()"})
    record = logging.LogRecord("a", logging.INFO, "", 0, message, (SENT,), exc_info)
    record.__dict__.update(values)
    return formatter.format(record)


@pytest.mark.parametrize("as_json", [False, True])
def test_what_was_sent_is_one_printable_line(as_json):
    line = written(as_json=as_json)
    assert line.isprintable()
    assert f"GET /a\\r\\n{FORGED}\\u001b[2J\\u009b\\u2028b\\u202e" in line


def test_plain_text_stays_as_it_is():
    assert "gesehen: C:\\Bücher" in written(as_json=False, message="gesehen: C:\\Bücher %.0s")


def test_a_traceback_keeps_its_lines_but_begins_no_line_of_the_log():
    try:
        raise ValueError(SENT)
    except ValueError:
        lines = written(as_json=False, message="fault%.0s", exc_info=sys.exc_info()).splitlines()
    assert lines[1].startswith("Traceback")
    assert f"  {FORGED}\\u001b[2J\\u009b\\u2028b\\u202e" in lines
    assert [each for each in lines if each.startswith("2026") and each != lines[0]] == []


def test_json_holds_a_traceback_in_its_one_line():
    try:
        raise ValueError(SENT)
    except ValueError:
        line = written(as_json=True, exc_info=sys.exc_info())
    assert SENT in json.loads(line)["exception"]


def test_a_value_is_one_printable_word():
    steps = configure_logging(json=False, level="INFO")["formatters"]["lines"]["processors"][1:]
    event = {"event": "seen", "path": "\x1b[2J\n"}
    for step in steps:
        event = step(None, "info", event)
    assert event.split() == ["seen", r"path=\u001b[2J\n"]

"""Tables of bad values that a program may send, as JSON text, with the error code that the API returns.

They are JSON text because NaN, a repeated key and `3e1` cannot be written as Python values.
"""

import json
from itertools import count

from tests.accounts.test_metadata import nested

FORMAT, VALUE = "form_param_format_invalid", "form_param_value_invalid"
NIL, SIZE = "form_param_nil", "form_param_exceeds_allowed_size"
SYNTAX = "request_body_invalid"
MISSING, UNKNOWN = "form_param_missing", "form_param_unknown"

_numbers = count()

# Text that is not JSON, whichever field it is in.
NO_JSON = [
    *["NaN", "-Infinity", "Infinity", "undefined", "01", "+1", "1.", ".5", "0x1", "'x'", "[1,]"],
    *['{"k":1,"k":2}', '{"a":{"k":1,"\\u006b":2}}', '"\t"', '"\\x"', "", "[" * 200, '{"k":' * 200],
]
_OTHERS = ["[]", "{}", '["x"]', '{"k":1}']

# The tests of addresses and of targets have the complete lists; here are a few examples of each kind.
_ADDRESSES = [
    *["jıll@example.org", "jane@example.com\u200b", "Jane <jane@example.com>", '"jane"@b.example'],
    *["jane@example.com\r\nBcc: eve@example.net", "jane@[10.0.0.1]", "jane@example.org.", " "],
    *["a" * 65 + "@example.com", "jane@" + "a." * 30_000 + "com", "jane@b.example\0", "\ud800@b.c"],
    *["jane@b.example, eve@b.example", "jane", "jane@localhost", "mailto:jane@b.example"],
]
_TARGETS = [
    *["//evil.example/a", "https:/evil.example/a", "https://app.example.com\\@evil.example/a", ""],
    *["https://a.example@evil.example/a", "https://a.example%2eevil.example/a", "/a", "myapp://x"],
    *["JavaScript:fetch('/')", "https://3232235777/", "http://app.example.com/", "https://a.b/\t"],
    *["https://a.example/?__clerk_ticket=1", "https://a.example/" + "x" * 2031, "https://a.b/\0"],
]


def _refused(*texts, code=VALUE):
    return dict.fromkeys(texts, code)


BAD_ADDRESS = {
    **_refused("1", "true", *_OTHERS, '["jane@example.com","eve@example.net"]'),
    **_refused(*map(json.dumps, _ADDRESSES), code=FORMAT),
    **_refused("null", '""', code=NIL),
}
BAD_TARGET = {
    **_refused("1", "true", "false", *_OTHERS),
    **_refused(*map(json.dumps, _TARGETS), code=FORMAT),
}
_ORIGINS = [
    "*",
    "null",
    "app.example.com",
    "https://*.example.com",
    "https://a.example/x",
    "http://a.b",
]
BAD_ORIGINS = {
    **_refused(
        "1", "true", '"https://a.example"', "{}", "[null]", "[1]", '[["https://a.example"]]'
    ),
    **_refused(*(json.dumps([text]) for text in [*_TARGETS, *_ORIGINS]), code=FORMAT),
}
BAD_BOOLEAN = _refused("0", "1", '"true"', '"false"', '""', "0.0", "1e0", *_OTHERS)
BAD_TEXT = _refused("0", "1.5", "true", "false", *_OTHERS)
BAD_DAYS = _refused(
    *["0", "-0", "-1", "366", "888888888", "9" * 400, "-" + "9" * 5000, str(2**63), "1e999"],
    *["30.0", "3e1", "1.5", '"30"', '"٣"', '""', "true", "false", *_OTHERS],
)
BAD_SLUG = _refused('""', '"x"', '"Invitation"', '"invitation\\u0000"', '" invitation"', "1", "[]")
BAD_METADATA = {
    **_refused("1", "1.5", "true", "false", '""', '"{}"', "[]", "[{}]"),
    **_refused('{"k":"\\u0000"}', '{"\\u0000":1}', '{"k":"\\ud800"}', '{"\\udfff":1}'),
    **_refused('{"k":9007199254740992}', '{"k":-9007199254740992}', '{"k":' + "9" * 5000 + "}"),
    **_refused('{"k":1e999}', '{"k":1e308}', '{"k":1e-300}', '{"k":[-1e16]}'),
    **_refused(json.dumps(nested(11)), json.dumps({"a": [[[[[[[[[[]]]]]]]]]]})),
    **_refused(json.dumps(dict.fromkeys(map(str, range(101)), 1))),
    **_refused(json.dumps({"k": "é" * 4093}, ensure_ascii=False), code=SIZE),
    **_refused(json.dumps({"é" * 4100: 1}), json.dumps({"k": [0] * 5000}), code=SIZE),
    **_refused(json.dumps({"k": "x" * 200_000}), code=SIZE),
}
GOOD_METADATA = [
    {},
    {"is_superuser": True, "role": "owner"},
    {"note": "</script><svg onload=alert(2)>"},
    {"k": None, "l": [None, {"m": None}], "": "", "Ä": "😀\u202e\u200b", "__proto__": {"k": 1}},
    {"max": 2**53 - 1, "min": -(2**53) + 1, "tiny": 1e-15, "big": 1.5e15, "zero": -0.0, "one": 1.0},
    {"k": "é" * 4092},
    {str(number): number for number in range(100)},
    nested(10),
    {"a": [[[[[[[[[]]]]]]]]]},
    {"email_address": "x", "ticket": "olt_x", "{{7*7}}": "${7*7}", "=cmd": "=1+1"},
]


def fresh_address():
    return f"fresh{next(_numbers)}@example.com"


def body(said, **spoilt):
    """Return an object as JSON text; the values in `spoilt` are inserted unchanged."""
    texts = {**{name: json.dumps(value) for name, value in said.items()}, **spoilt}
    return "{" + ",".join(f"{json.dumps(name)}:{text}" for name, text in texts.items()) + "}"


def refuses(send, valid, *, field, table, **meta):
    """Check that each text in the table is refused with its code, and that the next valid request works. `send` posts a
    body given as text; `valid` returns an accepted object.
    """
    for text, code in table.items():
        spoilt = send(body(valid(), **{field: text}))
        assert found(spoilt) == (422, code, {"param_name": field, **meta}), text[:80]
        works(send, valid)


def refuses_what_is_no_json(send, valid, *, field):
    for text in NO_JSON:
        assert found(send(body(valid(), **{field: text}))) == (400, SYNTAX, {}), text[:80]
        works(send, valid)


def works(send, valid):
    answer = send(body(valid()))
    assert answer.status_code in {200, 204}, answer.content[:300]


def found(answer):
    (error,) = answer.json()["errors"]
    return answer.status_code, error["code"], error.get("meta", {})

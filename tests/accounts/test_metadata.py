import json
import time

import pytest

from accounts.metadata import (
    InvalidJSON,
    InvalidMetadata,
    clean_metadata,
    parse_json,
)
from invitations.models import Invitation
from tests.factories import InvitationFactory

VALUE = "form_param_value_invalid"
SIZE = "form_param_exceeds_allowed_size"


def nested(levels):
    value = {}
    for _ in range(levels - 1):
        value = {"a": value}
    return value


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"is_superuser": True, "role": "owner"},
        {"note": "</script><svg onload=alert(2)>"},
        {"a": None, "b": [None, {"c": None}]},
        {"": "", "Ä": "😀"},
        {"largest": 2**53 - 1, "smallest": -(2**53) + 1, "float": 1.5e15, "zero": -0.0},
        nested(10),
        {"a": [[[[[[[[[]]]]]]]]]},
        {str(n): n for n in range(100)},
        {"a": "x" * (8192 - len('{"a":""}'))},
        {"a": "é" * ((8192 - len('{"a":""}')) // 2)},
    ],
)
def test_metadata_comes_back_unchanged(value):
    before = json.dumps(value)

    assert json.dumps(clean_metadata(value)) == before


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (None, VALUE),
        ([], VALUE),
        ("{}", VALUE),
        (5, VALUE),
        (True, VALUE),
        ({"a": 2**53}, VALUE),
        ({"a": [-(2**53)]}, VALUE),
        ({"a": float("inf")}, VALUE),
        ({"a": 1e308}, VALUE),
        ({"a": [-1e16]}, VALUE),
        ({"a": float(2**53)}, VALUE),
        ({"a": 1e-300}, VALUE),
        ({"a": -9.9e-16}, VALUE),
        ({"a": 5e-324}, VALUE),
        ({"a": float("nan")}, VALUE),
        ({"a": "\x00"}, VALUE),
        ({"a": {"\x00": 1}}, VALUE),
        ({"a": "\ud800"}, VALUE),
        ({"\udfff": 1}, VALUE),
        ({"a": {1: 2}}, VALUE),
        ({"a": object()}, VALUE),
        ({"a": (1, 2)}, VALUE),
        (nested(11), VALUE),
        ({"a": [[[[[[[[[[]]]]]]]]]]}, VALUE),
        ({str(n): n for n in range(101)}, VALUE),
        ({"a": {str(n): n for n in range(50)}, "b": [{str(n): n for n in range(49)}]}, VALUE),
        ({"a": "x" * (8193 - len('{"a":""}'))}, SIZE),
        ({"ab": "é" * ((8194 - len('{"ab":""}')) // 2)}, SIZE),
        ({"é" * 4100: 1}, SIZE),
        ({"a": [1] * 5000}, SIZE),
        ({str(n): "x" * 100 for n in range(101)}, SIZE),
    ],
)
def test_metadata_out_of_bounds_is_refused(value, code):
    with pytest.raises(InvalidMetadata) as refusal:
        clean_metadata(value)

    assert refusal.value.code == code


@pytest.mark.django_db
def test_the_database_gives_back_equal_numbers_no_longer_than_they_came():
    # PostgreSQL prints 1e308 with 309 digits. Accepted metadata must stay small and keep its value.
    numbers = [0.1, -0.0, 1e-15, -1.2345678901234567e-15, 1e15, float(2**53 - 1), 1.0, 2**53 - 1]
    Invitation.objects.filter(pk=InvitationFactory().pk).update(
        public_metadata=clean_metadata({"k": numbers})
    )
    kept = Invitation.objects.get().public_metadata
    assert kept == {"k": numbers}
    assert clean_metadata(kept)
    assert len(json.dumps(kept)) <= len(json.dumps({"k": numbers}))


def test_a_number_out_of_bounds_is_told_what_to_do():
    with pytest.raises(InvalidMetadata, match="between 1e-15 and 9007199254740991 in size"):
        clean_metadata({"a": 1e300})


def test_the_size_is_that_of_compact_json_in_utf8():
    text = '{"k": [1, 2.5, null, true, {"é": "\\"\\n😀"}, [], {}], "z": "%s"}'
    compact = json.dumps(json.loads(text), ensure_ascii=False, separators=(",", ":")).encode()
    fill = 8192 - len(compact) + len("%s")

    assert clean_metadata(json.loads(text % ("x" * fill)))
    with pytest.raises(InvalidMetadata):
        clean_metadata(json.loads(text % ("x" * (fill + 1))))


def test_very_deep_metadata_is_refused_without_a_crash():
    with pytest.raises(InvalidMetadata) as refusal:
        clean_metadata(nested(200_000))

    assert refusal.value.code == SIZE


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"{}", {}),
        (b' [1, "\\u00e9", null]\n', [1, "é", None]),
        ('{"k": 9007199254740993}', {"k": 2**53 + 1}),
        ('"\\ud83d\\ude00"', "😀"),
        (b"5", 5),
        ('["' + "[" * 1000 + '\\"["]', ["[" * 1000 + '"[']),
    ],
)
def test_one_strict_document_is_read(raw, expected):
    assert parse_json(raw) == expected


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"{} {}",
        b"{}x",
        b"{'a': 1}",
        b'{"a": 1,}',
        b"[1,]",
        b"// no\n{}",
        b'{"a": 1, "a": 1}',
        b'{"b": [{"a": 1, "\\u0061": 2}]}',
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b'{"k":-Infinity}',
        b"[01]",
        b"[1.]",
        b"[+1]",
        b"[0x1]",
        b'["\n"]',
        b'["\\x"]',
        b"\xef\xbb\xbf{}",
        "\ufeff{}",
        b"\xff\xfe{\x00}\x00",
        b'{"a": "\xe9"}',
        b'{"a": "\xed\xa0\x80"}',
        b"\xc2\xa0{}",
        b"[" * 100_000,
        b"[" * 100_000 + b"]" * 100_000,
        b'{"a":' * 100_000,
        b"[" * 101 + b"]" * 101,
    ],
    ids=lambda raw: ascii(raw[:20]),
)
def test_what_is_not_one_strict_document_is_a_syntax_error(raw):
    with pytest.raises(InvalidJSON) as refusal:
        parse_json(raw)

    assert refusal.value.code == "request_body_invalid"


def test_a_document_one_level_too_deep_for_metadata_still_parses():
    with pytest.raises(InvalidMetadata):
        clean_metadata(parse_json('{"a":' * 11 + "1" + "}" * 11))


@pytest.mark.parametrize(
    "raw",
    [
        '{"k":"\\u0000"}',
        '{"\\u0000":1}',
        '{"k":1e999}',
        '{"k":-1e999}',
        '{"k":1e308}',
        '{"k":1e-308}',
        '[{"k":"\\ud800"}]',
        '["\\udc00\\ud800"]',
        "[9007199254740992]",
        "[" + "9" * 100_000 + "]",
        "[-" + "9" * 5_000 + "]",
        '"\\u0000"',
    ],
    ids=lambda raw: raw[:20],
)
def test_values_that_cannot_be_kept_are_good_syntax_but_refused(raw):
    value = parse_json(raw)

    with pytest.raises(InvalidMetadata) as refusal:
        clean_metadata({"k": value})
    assert refusal.value.code == VALUE


@pytest.mark.parametrize("raw", ["[]", "{}", "null", "true", '[1, 1.5, "a", {"b": [false]}]'])
def test_ordinary_values_of_any_type_pass(raw):
    assert clean_metadata({"k": parse_json(raw)})


@pytest.mark.parametrize(
    "raw",
    ['["' + '\\"[\\"]' * 100_000, '"' + "\\" * 500_001 + "[" * 200, "{" * 99 + '"[' * 250_000],
)
def test_hostile_quotes_and_brackets_take_no_longer_than_their_length(raw):
    started = time.perf_counter()
    with pytest.raises(InvalidJSON):
        parse_json(raw)

    assert time.perf_counter() - started < 1

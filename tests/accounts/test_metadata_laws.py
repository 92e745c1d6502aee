"""Laws of metadata and JSON, tested with values that hypothesis generates."""

import json

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from accounts.metadata import (
    MAX_METADATA_BYTES,
    InvalidJSON,
    InvalidMetadata,
    clean_metadata,
    merge_metadata,
    parse_json,
)

laws = settings(deadline=None, database=None, max_examples=100)

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
numbers = st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(-1e15, 1e15).filter(
    lambda number: number == 0 or abs(number) >= 1e-15
)
scalars = st.none() | st.booleans() | numbers | texts
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=12,
)
keys = st.sampled_from("abc")  # few keys, so that base and patch overlap
objects = st.recursive(
    st.dictionaries(keys, scalars, max_size=3),
    lambda inner: st.dictionaries(keys, scalars | inner | st.lists(inner, max_size=2), max_size=3),
    max_leaves=8,
)
metadata = st.dictionaries(texts, values, max_size=5)


def compact(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def without_nulls(value):
    """Return what merging keeps of a patch when there is no base."""
    if not isinstance(value, dict):
        return value
    return {key: without_nulls(each) for key, each in value.items() if each is not None}


@laws
@given(metadata)
def test_what_is_accepted_comes_back_as_it_was(value):
    assume(len(compact(value).encode()) <= MAX_METADATA_BYTES)
    assert compact(clean_metadata(value)) == compact(value)
    assert parse_json(compact(value)) == value


@laws
@given(metadata, st.integers(-40, 40))
def test_the_size_is_that_of_compact_json(value, beyond):
    """Metadata of just about the maximum size passes up to the limit and fails one byte above it."""
    value = {key: each for key, each in value.items() if key != "fill"}
    fill = MAX_METADATA_BYTES - len(compact({**value, "fill": ""}).encode()) + beyond
    assume(fill >= 0)
    said = {**value, "fill": "x" * fill}
    if beyond > 0:
        with pytest.raises(InvalidMetadata) as refused:
            clean_metadata(said)
        assert refused.value.code == "form_param_exceeds_allowed_size"
    else:
        assert clean_metadata(said) == said


@laws
@given(objects)
def test_merging_nothing_changes_nothing(base):
    assert merge_metadata(base, {}) == base


@laws
@given(objects)
def test_merging_into_nothing_leaves_the_patch_without_its_nulls(patch):
    assert merge_metadata({}, patch) == without_nulls(patch)


@laws
@given(objects, objects)
def test_merging_twice_is_merging_once(base, patch):
    once = merge_metadata(base, patch)
    assert merge_metadata(once, patch) == once


@laws
@given(objects, objects)
def test_a_null_deletes_and_a_scalar_replaces_and_the_rest_stays(base, patch):
    before = compact(base)
    merged = merge_metadata(base, patch)
    assert merged.keys() == (base.keys() | patch.keys()) - {
        key for key, value in patch.items() if value is None
    }
    for key in merged:
        if key not in patch:
            assert merged[key] == base[key]
        elif not isinstance(patch[key], dict):
            assert merged[key] == patch[key]
    assert compact(base) == before  # merging does not change the base


def lenient(text):
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def strict(text):
    try:
        return parse_json(text)
    except InvalidJSON:
        return None


json_like = st.lists(
    st.sampled_from([*'{}[]",:0123456789.-+eE truefalsn\\u/', "NaN", "null", '"k":', "1e999"]),
    max_size=12,
).map("".join)


@settings(laws, max_examples=300)
@given(values.map(json.dumps) | json_like)
def test_what_is_read_is_what_every_parser_reads(text):
    """Our parser may be stricter than Python's; where it accepts, both return the same value."""
    ours = strict(text)
    if ours is not None and "1e999" not in text:
        assert compact(ours) == compact(lenient(text))


@laws
@given(values)
def test_all_that_json_can_say_is_read(value):
    assert strict(json.dumps(value)) == value
    assert strict(compact(value)) == value

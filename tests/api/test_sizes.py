"""Oversized requests are refused without using much memory, and the next request works."""

import json
import tracemalloc

import pytest

from tests.api.hostile import fresh_address

MIB = 1024 * 1024
CREATE = "/v1/invitations"
BIG = {
    "one long string": json.dumps({"email_address": "x" * 10 * MIB}),
    "many keys": "{" + ",".join(f'"{number}":0' for number in range(900_000)) + "}",
    "small enough, many keys": "{" + ",".join(f'"{number}":0' for number in range(25_000)) + "}",
    "small enough, deep": "[" * 250_000,
    "small enough, digits": '{"expires_in_days":' + "9" * 250_000 + "}",
    "small enough, escapes": '{"email_address":"' + "\\u0000" * 40_000 + '"}',
    "small enough, labels": json.dumps({"email_address": "a@" + "a." * 120_000 + "com"}),
    "small enough, metadata": json.dumps(
        {"email_address": "a@b.example", "public_metadata": {"k": [[]] * 60_000}}
    ),
}


def grown(call):
    """Return the response of a call, and the peak of memory that it used, in bytes."""
    tracemalloc.start()
    answer = call()
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return answer, peak


@pytest.mark.parametrize("name", BIG)
def test_an_oversize_body_costs_little(api, name):
    raw = BIG[name].encode()
    answer, peak = grown(lambda: api.post(CREATE, raw))
    assert 400 <= answer.status_code < 500
    assert peak < 20 * MIB + len(raw)  # the test client holds the body too
    assert api.create(fresh_address()).status_code == 200


@pytest.mark.parametrize(
    "query",
    [f"query={'x' * 100_000}", "&".join(["status=pending"] * 20_000), "limit=" + "9" * 100_000],
    ids=["long", "often", "digits"],
)
def test_an_oversize_query_costs_little(api, query):
    answer, peak = grown(lambda: api.get(f"{CREATE}?{query}"))
    assert answer.status_code < 500
    assert peak < 20 * MIB
    assert api.get(CREATE).status_code == 200

"""Query parameters of lists reach the database as bound values, or not at all."""

import string

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from config.api_query import ordering
from tests.api.hostile import VALUE
from tests.factories import InvitationFactory

PATH = "/v1/invitations"
WORDS = [
    *["accepted_user__password", "email_key", "-pk", "pk", "?", "1", "created_at--", "created_at;"],
    *["created_at asc", "(select 1)", "created_at\u0000", "created_at\n", "--created_at", "+-id"],
    *["created_аt", "CREATED_AT", "created_at__year", "'", '"', "{}", "__class__", "tickets__hash"],
]
NUMBERS = ["-1", "1e3", "0x10", "1.0", "1 or 1=1", "NaN", "１", "٣", "null", "9" * 40, "1_0", "+1"]
FILTERS = ["email_key", "id", "id__in", "accepted_user__password", "tickets__hash", "pk", "or", "_"]


@pytest.fixture(autouse=True)
def row(db):
    return InvitationFactory(email_address="ada@example.com")


def test_nothing_but_a_listed_field_orders(api, faults):
    for word in WORDS:
        assert faults(api.get(PATH, {"order_by": word})) == (422, [(VALUE, "order_by")]), word
    assert api.listed() == ["ada@example.com"]


@pytest.mark.parametrize("name", ["limit", "offset"])
def test_nothing_but_digits_is_a_number(api, faults, name):
    for text in NUMBERS:
        assert faults(api.get(PATH, {name: text})) == (422, [(VALUE, name)]), text
    assert api.listed() == ["ada@example.com"]


@pytest.mark.parametrize("word", ["%", "_", "ada%", "' or 1=1 --", "\\", "a_a", "[a-z]", "*", "$1"])
def test_a_query_is_only_text(api, word):
    assert api.get(PATH, {"query": word}).json() == []
    assert api.get(PATH, {"query": "ADA@"}).json()[0]["email_address"] == "ada@example.com"


@pytest.mark.parametrize("name", FILTERS)
def test_no_other_name_filters(api, name):
    """Not even a name that would match no row or break the statement."""
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert len(api.get(PATH, {name: "no' such--thing"}).json()) == 1
    assert "such--thing" not in "".join(each["sql"] for each in queries)


@settings(deadline=None, database=None, max_examples=60)
@given(st.text(string.ascii_letters + "_-+ ,;%'\0é", max_size=20))
def test_an_order_is_a_sign_and_a_listed_field_or_refused(text):
    """Exactly a sign and a listed name are accepted, and become Django's form of the order."""
    allowed = ["created_at", "email_address"]
    wanted = {
        f"{sign}{name}": f"-{name}" if sign == "-" else name
        for sign in ["", "+", " ", "-"]
        for name in allowed
    }
    for said in [text, *wanted]:
        try:
            (first, tie) = ordering(*allowed).func([said])
        except ValueError:
            assert said not in wanted
        else:
            assert (first, tie) == (wanted[said], "-id" if first[0] == "-" else "id")

"""Which query strings are accepted."""

import pytest

from tests.factories import InvitationFactory

PATH = "/v1/invitations"


@pytest.fixture
def three(db):
    for name in ("ada", "bob", "eve"):
        InvitationFactory(email_address=f"{name}@example.com")


@pytest.mark.parametrize(
    ("text", "is_page"), [("true", True), ("1", True), ("false", False), ("0", False)]
)
def test_booleans(api, text, is_page):
    assert isinstance(api.get(f"{PATH}?paginated={text}").json(), dict) is is_page


@pytest.mark.parametrize("text", ["True", "yes", "2", "%20true", "null"])
def test_other_words_are_no_booleans(api, faults, text):
    assert faults(api.get(f"{PATH}?paginated={text}")) == (
        422,
        [("form_param_value_invalid", "paginated")],
    )


@pytest.mark.parametrize(
    "text", ["x", "1.0", "1e1", "%2B1", "-1", "%201", "1_0", "0x1", "١", "9" * 5000, "0", "501"]
)
def test_limits_are_ascii_digits_from_1_to_500(api, faults, text):
    assert faults(api.get(f"{PATH}?limit={text}")) == (422, [("form_param_value_invalid", "limit")])


@pytest.mark.parametrize("text", ["-1", "x", "9" * 17, str(2**63)])
def test_offsets_are_ascii_digits(api, faults, text):
    assert faults(api.get(f"{PATH}?offset={text}")) == (
        422,
        [("form_param_value_invalid", "offset")],
    )


def test_an_empty_value_counts_as_absent(api, three):
    assert len(api.listed("?limit=&offset=&status=&query=&order_by=&paginated=")) == 3


@pytest.mark.parametrize(
    "query", ["query=%", "query=%zz", "limit=1%2", "query=%ff", "%c3=1", "x=%ed%a0%80"]
)
def test_bad_percent_encoding_is_400(api, faults, query):
    assert faults(api.get(f"{PATH}?{query}")) == (400, [("malformed_request_parameters", None)])


@pytest.mark.parametrize("name", ["query", "status", "order_by", "limit", "paginated"])
def test_u_0000_is_refused(api, faults, name):
    assert faults(api.get(f"{PATH}?{name}=a%00b")) == (422, [("form_param_value_invalid", name)])


def test_unknown_keys_are_ignored_on_get(api, three):
    assert len(api.listed("?page=2&email_address=ada@example.com&status__ne=x&limit[]=1")) == 3


@pytest.mark.parametrize("query", ["dryrun=true", "dryrun", "status=pending", "x="])
def test_unknown_keys_are_refused_on_post(api, faults, query):
    answer = api.post(f"{PATH}?{query}", {"email_address": "new@example.com"})

    assert faults(answer) == (422, [("form_param_unknown", query.partition("=")[0])])
    assert api.listed() == []


@pytest.mark.parametrize(
    "query", ["limit=1&limit=1", "limit=1&limit=2", "paginated=1&paginated=1", "query=a&query=b"]
)
def test_a_single_value_is_given_once(api, faults, query):
    assert faults(api.get(f"{PATH}?{query}")) == (
        422,
        [("form_param_duplicate", query.partition("=")[0])],
    )


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("status=expired", ["old@example.com"]),
        ("status=expired&status=accepted", ["in@example.com", "old@example.com"]),
        ("status[]=expired&status[]=accepted", ["in@example.com", "old@example.com"]),
        ("status%5B%5D=expired&status=accepted", ["in@example.com", "old@example.com"]),
    ],
)
def test_list_filters_take_every_occurrence(api, query, found):
    InvitationFactory(email_address="new@example.com")
    InvitationFactory(email_address="old@example.com", expired=True)
    InvitationFactory(email_address="in@example.com", accepted=True)
    assert sorted(api.listed(f"?{query}")) == found


def test_commas_do_not_separate(api, faults):
    answer = api.get(f"{PATH}?status=pending,expired")
    assert faults(answer) == (422, [("form_param_value_invalid", "status")])


def test_a_list_filter_takes_100_values(api, faults):
    assert api.get(f"{PATH}?{'&'.join(['status=pending'] * 100)}").status_code == 200
    answer = api.get(f"{PATH}?{'&'.join(['status=pending'] * 101)}")
    assert faults(answer) == (422, [("form_param_array_size_exceeded", "status")])


@pytest.mark.parametrize("sign", ["", "%2B", "+", "%20"])
def test_order_by_ascends_with_or_without_plus(api, three, sign):
    assert api.listed(f"?order_by={sign}email_address") == [
        "ada@example.com",
        "bob@example.com",
        "eve@example.com",
    ]


def test_order_by_descends_with_minus(api, three):
    assert api.listed("?order_by=-email_address") == [
        "eve@example.com",
        "bob@example.com",
        "ada@example.com",
    ]


@pytest.mark.parametrize(
    "order",
    [
        "user__password",
        "accepted_user__password",
        "id",
        "-",
        "--created_at",
        "created_at,id",
        "%3F",
        "crеated_at",
    ],
)
def test_order_by_takes_only_listed_fields(api, faults, order):
    assert faults(api.get(f"{PATH}?order_by={order}")) == (
        422,
        [("form_param_value_invalid", "order_by")],
    )


def test_an_offset_past_the_end_gives_an_empty_list(api, three):
    assert api.listed(f"?offset={2**53 - 1}") == []


def test_all_query_errors_come_in_one_answer(api, faults):
    status, found = faults(api.get(f"{PATH}?limit=0&offset=x&status=no&paginated=2&order_by=id"))
    assert status == 422
    assert sorted(name for _code, name in found) == [
        "limit",
        "offset",
        "order_by",
        "paginated",
        "status",
    ]

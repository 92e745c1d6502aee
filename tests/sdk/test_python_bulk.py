"""The Python SDK and bulk invitations."""

import pytest

from tests.factories import UserFactory

DAY = 24 * 3600 * 1000  # in milliseconds


def test_a_bulk_create_answers_in_the_order_of_its_rows(clerk, address):
    addresses = [address() for _ in range(3)]
    made = clerk.invitations.bulk_create(request=[{"email_address": each} for each in addresses])
    assert [each.email_address for each in made] == addresses
    assert all("olt_" in each.url for each in made)


def test_rows_of_a_bulk_create_are_sent_with_their_defaults(clerk, address):
    to = address()
    clerk.invitations.bulk_create(request=[{"email_address": to}])
    [row] = clerk.sent[0].body
    defaults = {"notify": True, "ignore_existing": False, "template_slug": "invitation"}
    assert row == {"email_address": to, **defaults}


def test_a_row_of_a_bulk_create_may_say_everything(clerk, address):
    row = {
        "email_address": address(),
        "public_metadata": {"Role": "editor"},
        "redirect_url": "https://app.example.com/welcome",
        "notify": False,
        "ignore_existing": True,
        "expires_in_days": 1,
        "template_slug": "waitlist_invitation",
    }
    [made] = clerk.invitations.bulk_create(request=[row])
    assert made.public_metadata == {"Role": "editor"}
    assert made.expires_at - made.created_at == DAY


def test_no_rows_are_sent_as_an_empty_array_and_refused(clerk, refused):
    [fault] = refused(422, lambda: clerk.invitations.bulk_create(request=[]))
    assert (clerk.sent[0].body, fault["code"]) == ([], "form_param_missing")


def test_too_many_rows_are_a_typed_400(clerk, refused, address):
    rows = [{"email_address": address()} for _ in range(11)]
    [fault] = refused(400, lambda: clerk.invitations.bulk_create(request=rows))
    assert fault["code"] == "bulk_size_exceeded"


def test_all_duplicates_are_one_typed_400(clerk, refused, address):
    rows = [{"email_address": address()} for _ in range(2)]
    clerk.invitations.bulk_create(request=rows)
    [fault] = refused(400, lambda: clerk.invitations.bulk_create(request=rows))
    assert fault["code"] == "duplicate_record"
    assert fault["meta"]["email_addresses"] == [each["email_address"] for each in rows]


def test_every_bad_row_is_told_with_its_index(clerk, refused, address):
    UserFactory(email_address="known.row@example.com")
    bad = [{"email_address": "ada"}, {"email_address": "known.row@example.com"}]
    faults = refused(
        422, lambda: clerk.invitations.bulk_create(request=[{"email_address": address()}, *bad])
    )
    assert [(each["code"], each["meta"]["index"]) for each in faults] == [
        ("form_param_format_invalid", 1),
        ("form_identifier_exists", 2),
    ]


def test_one_bad_row_leaves_nothing_of_the_others(clerk, refused, address):
    good = address()
    rows = [{"email_address": good}, {"email_address": "ada"}]
    refused(422, lambda: clerk.invitations.bulk_create(request=rows))
    assert clerk.invitations.list(query=good) == []


@pytest.mark.parametrize("ignore", [True, False])
def test_a_repeated_row_is_a_duplicate_unless_it_says_otherwise(clerk, refused, address, ignore):
    row = {"email_address": address()}
    rows = [row, {**row, "ignore_existing": ignore}]
    if ignore:
        assert len(clerk.invitations.bulk_create(request=rows)) == 2
    else:
        refused(400, lambda: clerk.invitations.bulk_create(request=rows))

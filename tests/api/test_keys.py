"""The secret key in the Authorization header."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import SecretKey
from tests.factories import SecretKeyFactory

PATH = "/v1/invitations"


def _with(nobody, header):
    return nobody.get(PATH, headers={"Authorization": header})


def test_a_live_key_opens(nobody):
    raw = SecretKeyFactory().raw
    assert _with(nobody, f"Bearer {raw}").status_code == 200


@pytest.mark.parametrize("scheme", ["bearer", "BEARER", " Bearer ", "Bearer  "])
def test_the_scheme_is_read_in_any_case(nobody, scheme):
    raw = SecretKeyFactory().raw
    assert _with(nobody, f"{scheme} {raw} ").status_code == 200


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Basic c2tfdGVzdDo=", "sk_test_x", "BearerX y"]
)
def test_anything_but_a_bearer_key_is_a_malformed_header(nobody, faults, header):
    answer = _with(nobody, header)

    assert faults(answer) == (401, [("authorization_header_format_invalid", None)])
    assert answer["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(
    "token", ["x", "sk_live_", "sk_test_" + "A" * 43, "olt_" + "A" * 43, "ä\x80", "a b c"]
)
def test_an_unknown_key_is_invalid_whatever_its_form(nobody, faults, token):
    assert faults(_with(nobody, f"Bearer {token}")) == (401, [("clerk_key_invalid", None)])


def test_a_key_ends_at_once_when_it_is_revoked(api, faults):
    assert api.get(PATH).status_code == 200
    api.key.revoke(by=None)
    assert faults(api.get(PATH)) == (401, [("clerk_key_invalid", None)])


def test_two_keys_live_side_by_side(api, nobody):
    assert (
        _with(nobody, f"Bearer {SecretKeyFactory().raw}").status_code
        == api.get(PATH).status_code
        == 200
    )


def test_two_authorization_lines_are_refused(api, faults):
    """Servers join two header lines with a comma."""
    header = f"Bearer {api.key.raw},Bearer {api.key.raw}"
    assert faults(_with(api, header)) == (401, [("clerk_key_invalid", None)])


def test_a_key_in_the_query_is_no_key(api, nobody, faults):
    answer = nobody.get(f"{PATH}?secret_key={api.key.raw}")
    assert faults(answer) == (401, [("authorization_header_format_invalid", None)])


def test_a_signed_in_operator_is_nobody_here(operator, faults, django_assert_num_queries):
    with django_assert_num_queries(0):  # the session is not read either
        answer = operator.get(PATH)
    assert faults(answer) == (401, [("authorization_header_format_invalid", None)])


def test_a_use_is_noted(api):
    api.get(PATH)
    assert SecretKey.objects.get().last_used_at


@pytest.mark.usefixtures("still_windows")
def test_guessing_keys_is_slowed_down(nobody, faults):
    for _ in range(20):
        assert _with(nobody, "Bearer sk_test_guess").status_code == 401
    answer = _with(nobody, "Bearer sk_test_guess")

    assert faults(answer) == (429, [("too_many_requests", None)])
    assert int(answer["Retry-After"]) >= 1


@pytest.mark.usefixtures("still_windows")
def test_guesses_do_not_shut_out_a_live_key_of_the_same_address(api, nobody):
    for _ in range(25):
        _with(nobody, "Bearer sk_test_guess")
    assert api.get(PATH).status_code == 200


@pytest.mark.usefixtures("still_windows")
def test_a_forged_address_is_no_new_guesser(nobody):
    for number in range(20):
        nobody.get(
            PATH, headers={"Authorization": "Bearer x", "X-Forwarded-For": f"10.0.0.{number}"}
        )
    assert _with(nobody, "Bearer x").status_code == 429


def test_the_text_of_a_key_is_nowhere_in_the_database(api):
    api.create()
    assert api.key.raw not in str(list(SecretKey.objects.values()))
    assert api.key.raw.removeprefix("sk_test_") not in str(list(SecretKey.objects.values()))


def test_the_command_prints_the_key_and_nothing_else(db, nobody):
    printed = StringIO()
    call_command("create_secret_key", "Nightly import", stdout=printed)

    raw = printed.getvalue().removesuffix("\n")
    assert len(raw) == len("sk_live_") + 43
    assert _with(nobody, f"Bearer {raw}").status_code == 200
    assert SecretKey.objects.get().name == "Nightly import"


def test_the_command_takes_a_scope_and_a_number_of_days(db):
    call_command(
        "create_secret_key", "Report", "--scope", "read_only", "--days", "90", stdout=StringIO()
    )
    key = SecretKey.objects.get()
    assert (key.scope, (key.expires_at - key.created_at).days) == ("read_only", 90)


@pytest.mark.parametrize("days", ["0", "-1", "3651"])
def test_the_command_takes_no_odd_number_of_days(db, days):
    with pytest.raises(CommandError):
        call_command("create_secret_key", "Report", f"--days={days}", stdout=StringIO())
    assert not SecretKey.objects.exists()


@pytest.mark.parametrize("name", ["", "x" * 65, "two\nlines"])
def test_the_command_asks_for_a_proper_name(db, name):
    with pytest.raises(CommandError):
        call_command("create_secret_key", name, stdout=StringIO())
    assert not SecretKey.objects.exists()

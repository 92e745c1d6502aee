"""Sign-ins and refusals are logged: once in five minutes, with client and browser, without the typed text."""

import json

import pytest
import structlog
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.audit_words import FAMILIES, SENTENCES
from accounts.models import SecurityEvent
from config import audit
from config.database import now
from invitations.models.event import AUDITED
from tests.factories import SecretKeyFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_windows")]


@pytest.fixture
def from_client():
    """`from_client(ip, user_agent)`: later traces come from this client."""

    def arrive(ip, user_agent="Firefox/140.0"):
        structlog.contextvars.bind_contextvars(ip=ip, user_agent=user_agent)

    yield arrive
    structlog.contextvars.clear_contextvars()


def test_a_trace_tells_what_who_from_where_and_when(from_client):
    ada = UserFactory()
    from_client("2001:db8::1:2", "Mozilla/5.0 Firefox/140.0")
    before = now()
    audit.trace("signed_in", subject=ada.pk, how="password")
    row = SecurityEvent.objects.get()
    told = (row.kind, row.family, row.how, row.subject, row.client, row.browser, row.count)
    where = ("2001:db8::/64", "Mozilla/5.0 Firefox/140.0")
    assert told == ("signed_in", "sign_ins", "password", ada.pk, *where, 1)
    assert before <= row.at <= now()
    assert row.detail == {}


def test_who_did_it_is_told_where_somebody_did():
    key = SecretKeyFactory(name="Back office")
    audit.trace("limit_reached", subject=key.pk, how="bulk", by=key)
    row = SecurityEvent.objects.get()
    assert (row.actor_type, row.actor_id, row.actor_name) == (key.actor_type, key.pk, key.name)


def test_outside_a_request_there_is_no_client():
    audit.trace("signed_out", subject="user_1")
    row = SecurityEvent.objects.get()
    assert (row.client, row.browser) == ("", "")


def test_what_is_said_again_within_five_minutes_is_counted(from_client):
    from_client("192.0.2.1")
    for _ in range(3):
        audit.trace("wrong_password", subject="user_1")
    assert SecurityEvent.objects.get().count == 3


def test_another_client_subject_kind_or_way_is_another_row(from_client):
    from_client("192.0.2.1")
    audit.trace("factor_added", subject="user_1", how="totp")
    audit.trace("factor_added", subject="user_1", how="webauthn")
    audit.trace("factor_removed", subject="user_1", how="totp")
    audit.trace("factor_added", subject="user_2", how="totp")
    from_client("192.0.2.2")
    audit.trace("factor_added", subject="user_1", how="totp")
    assert list(SecurityEvent.objects.values_list("count", flat=True)) == [1] * 5


def test_the_next_five_minutes_begin_a_row():
    audit.trace("wrong_password", subject="user_1")
    SecurityEvent.objects.update(period=-1)
    audit.trace("wrong_password", subject="user_1")
    assert SecurityEvent.objects.count() == 2


def test_an_address_that_nobody_has_is_a_hash_and_a_domain():
    audit.trace("wrong_password", address=" Eve@Example.com")
    audit.trace("wrong_password", address="eve@example.com")
    row = SecurityEvent.objects.get()
    assert (row.count, row.detail) == (2, {"domain": "example.com"})
    assert row.subject in audit.subjects_of("eve@example.com")
    assert "eve" not in json.dumps(SecurityEvent.objects.values().get(), default=str)


def test_the_hash_of_an_address_needs_the_secret_key(settings):
    audit.trace("wrong_password", address="eve@example.com")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another " * 10
    newest, former = audit.subjects_of("eve@example.com")
    assert newest != former == SecurityEvent.objects.get().subject


@pytest.mark.parametrize(
    "typed",
    ["seven wet penguins", "p@ssw0rd", "", "eve@example", "x" * 400, "a\x00@example.com", None],
)
def test_of_what_is_no_address_nothing_is_kept(typed):
    audit.trace("wrong_password", address=typed or "")
    row = SecurityEvent.objects.get()
    assert (row.subject, row.detail) == (audit.NO_ADDRESS, {})


def test_a_browser_of_any_length_and_kind_is_cut_to_plain_text(from_client):
    from_client("192.0.2.1", "a\x00b\n\u202e" + "c" * 5000)
    audit.trace("signed_in", subject="user_1")
    assert SecurityEvent.objects.get().browser == "ab" + "c" * 198


def test_a_kind_that_nobody_knows_is_a_fault():
    with pytest.raises(KeyError):
        audit.trace("signed_inn", subject="user_1")


def test_the_audit_log_has_words_for_each_kind_and_a_part_that_shows_it():
    shown = audit.TRACED | AUDITED
    assert shown.keys() - SENTENCES.keys() == {"role_changed"}  # text that depends on the role
    assert set(shown.values()) == FAMILIES.keys()


def test_a_trace_is_one_statement_known_or_unknown():
    def statements(**who):
        with CaptureQueriesContext(connection) as queries:
            audit.trace("wrong_password", **who)
        return len(queries)

    ada = UserFactory()
    assert statements(subject=ada.pk) == statements(address="eve@example.com") == 1
    assert statements(subject=ada.pk) == statements(address="no address") == 1


def test_a_refusal_is_named_in_the_log_without_the_address(caplog):
    caplog.set_level("INFO")
    audit.trace("wrong_password", address="eve@example.com")
    audit.trace("wrong_password", subject="user_1")
    lines = [record.getMessage() for record in caplog.records]
    assert all("sign_in_refused" in line and "wrong_password" in line for line in lines)
    assert "eve@" not in lines[0]
    assert "example.com" not in lines[0]
    assert "user_1" in lines[1]


def test_a_rollback_forgets_what_was_traced_within():
    with transaction.atomic():
        audit.trace("password_changed", subject="user_1")
        transaction.set_rollback(True)
    assert not SecurityEvent.objects.exists()

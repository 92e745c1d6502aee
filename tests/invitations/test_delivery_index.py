"""What is read all the time is looked up: PostgreSQL bounds an index by a clock that stands still."""

import pytest
from django.db import connection

from invitations.models import Invitation, Message

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has but one clock"),
]


def plan(rows):
    with connection.cursor() as cursor:
        cursor.execute(
            "SET LOCAL enable_seqscan = off"
        )  # no plan of an empty table looks things up
    return rows.explain()


def test_expired_invitations_are_looked_up():
    answer = plan(Invitation.objects.expired().values("email_key"))
    assert "invitation_open" in answer
    assert "Index Cond: (expires_at <= statement_timestamp())" in answer


def test_due_messages_are_looked_up():
    answer = plan(Message.objects.due().order_by("-urgent", "next_attempt_at"))
    assert "message_waiting" in answer
    assert "Index Cond: (next_attempt_at <= statement_timestamp())" in answer

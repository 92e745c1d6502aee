"""Frequent queries use an index. PostgreSQL needs a clock that is constant within a statement for that."""

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
        )  # an empty table is never searched by index
    return rows.explain()


def test_expired_invitations_are_looked_up():
    answer = plan(Invitation.objects.expired().values("email_key"))
    assert "invitation_open" in answer
    assert "Index Cond: (expires_at <= statement_timestamp())" in answer


def test_due_messages_are_looked_up():
    answer = plan(Message.objects.due().order_by("-urgent", "next_attempt_at"))
    assert "message_waiting" in answer
    assert "Index Cond: (next_attempt_at <= statement_timestamp())" in answer

"""Substring searches use trigram indexes if PostgreSQL offers them, and work without them."""

import pytest
from django.db import connection

from invitations.models import Invitation
from tests.factories import InvitationFactory

pytestmark = pytest.mark.django_db


def ask(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def test_each_search_has_its_index_where_the_server_has_trigrams():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no trigrams")
    offered = ask("SELECT 1 FROM pg_available_extensions WHERE name = 'pg_trgm'")
    found = ask("SELECT 1 FROM pg_indexes WHERE indexdef LIKE '%gin_trgm_ops%'")
    assert len(found) == (5 if offered else 0)


def test_a_part_of_an_address_is_found_either_way():
    ada = InvitationFactory(email_address="ada@example.com")
    InvitationFactory(email_address="bob@example.com")
    assert list(Invitation.objects.matching("DA@EX")) == [ada]

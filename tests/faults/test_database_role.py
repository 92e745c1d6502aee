"""The database role that docs/security.md gives to the processes: it reads and writes rows, but cannot change
tables.
"""

import re
from functools import partial
from urllib.parse import urlsplit

import psycopg
import pytest
from django.db import connection

from accounts.models import User
from tests.factories import PASSWORD
from tests.faults.databases import ROOT
from tests.faults.servers import Browser, insisting, server_processes

SECURITY = (ROOT / "docs/security.md").read_text()
[ROLE] = re.findall(r"^```sql\n(.+?)^```", SECURITY, re.MULTILINE | re.DOTALL)
ADA = "ada@example.com"

pytestmark = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no roles")


@pytest.fixture
def role(world):
    """The role that the world's processes use: its URL. Roles belong to the whole server, so it is dropped at
    the end.
    """
    owner = world.environment["DATABASE_URL"]
    with psycopg.connect(owner, autocommit=True) as server:
        server.execute(ROLE)
        world.environment["DATABASE_URL"] = _as(owner, "ollio_app")
        yield world.environment["DATABASE_URL"]
        world.end()
        server.execute("DROP OWNED BY ollio_app; DROP ROLE ollio_app")


def _as(url, user):
    parts = urlsplit(url)
    return parts._replace(netloc=f"{user}:@{parts.netloc.rpartition('@')[2]}").geturl()


def test_both_processes_need_no_more(world, sink, invite, role, audit):
    invite(ADA)
    world.run_worker()
    [mail] = sink.to(ADA)
    link = re.search(r"/v1/tickets/accept\?ticket=\S+", mail.text).group()
    with server_processes(world, processes=1) as [port]:
        ada = Browser(port).open(link.partition("ticket=")[2])
        insisting(partial(ada.post, "/sign-up", password=PASSWORD))
        assert ada.get("/account").status == 200
        assert Browser(port).get("/healthz").status in {200, 503}
    assert User.objects.filter(email_address=ADA).exists()
    audit()


def test_it_changes_no_table(role):
    with psycopg.connect(role, autocommit=True) as server:
        for statement in (
            "CREATE TABLE mine (a int)",
            "DROP TABLE spent_code",
            "TRUNCATE spent_code",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                server.execute(statement)


def test_tables_of_later_versions_are_open_to_it(world, role):
    with connection.cursor() as owner:
        owner.execute("CREATE TABLE later (id bigserial, word text)")
    with psycopg.connect(role, autocommit=True) as server:
        assert server.execute("INSERT INTO later (word) VALUES ('x') RETURNING id").fetchone()

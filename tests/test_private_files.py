"""Other users of the machine cannot read the database or the local mailbox."""

import os
import sqlite3
from pathlib import Path

import pytest
from django.core.mail import EmailMessage
from django.db import connection

from config.private_files import PrivateConnection, keep_database, keep_folder
from invitations.mailbox import MailboxBackend


@pytest.fixture(autouse=True)
def open_to_all():
    former = os.umask(0o022)
    yield
    os.umask(former)


def mode(path):
    return oct(Path(path).stat().st_mode & 0o777)


def modes_in(folder):
    return {path.name: mode(path) for path in folder.iterdir()}


def connect(path):
    connected = sqlite3.connect(path, factory=PrivateConnection)
    connected.execute("PRAGMA journal_mode=WAL")
    connected.execute("CREATE TABLE IF NOT EXISTS person (name)")
    connected.commit()
    return connected


def test_a_new_database_and_what_stands_beside_it_are_its_owners_alone(tmp_path):
    connect(tmp_path / "ollio.sqlite3")
    assert modes_in(tmp_path) == dict.fromkeys(
        ("ollio.sqlite3", "ollio.sqlite3-wal", "ollio.sqlite3-shm"), "0o600"
    )


def test_so_is_one_that_was_made_before(tmp_path):
    before = sqlite3.connect(tmp_path / "ollio.sqlite3")
    before.execute("PRAGMA journal_mode=WAL")
    before.execute("CREATE TABLE person (name)")
    connect(tmp_path / "ollio.sqlite3")
    assert set(modes_in(tmp_path).values()) == {"0o600"}


def test_so_is_one_that_a_link_leads_to(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    before = sqlite3.connect(tmp_path / "elsewhere" / "ollio.sqlite3")
    before.execute("PRAGMA journal_mode=WAL")
    before.execute("CREATE TABLE person (name)")
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere" / "ollio.sqlite3")
    connect(tmp_path / "link")
    assert set(modes_in(tmp_path / "elsewhere").values()) == {"0o600"}


def test_a_folder_that_is_not_there_is_sqlites_to_tell(tmp_path):
    with pytest.raises(sqlite3.OperationalError, match="unable to open"):
        connect(tmp_path / "nowhere" / "ollio.sqlite3")


def test_a_folder_named_as_the_database_keeps_its_mode(tmp_path):
    (tmp_path / "data").mkdir(mode=0o755)
    with pytest.raises(sqlite3.OperationalError, match="unable to open"):
        connect(tmp_path / "data")
    assert mode(tmp_path / "data") == "0o755"


def test_what_is_no_file_keeps_its_mode_where_it_is_named_as_the_database(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    pipe.chmod(0o666)
    keep_database(pipe)
    assert mode(pipe) == "0o666"


def test_a_folder_for_all_stays_one_where_mail_is_kept_in_it(tmp_path):
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o1777)
    keep_folder(shared)
    assert mode(shared) == "0o777"


@pytest.mark.django_db
def test_the_database_that_the_settings_name_is_private():
    if connection.vendor == "sqlite":
        assert mode(connection.settings_dict["NAME"]) == "0o600"


@pytest.mark.parametrize("is_there", [True, False])
def test_the_mailbox_is_its_owners_alone(settings, tmp_path, is_there):
    settings.MAILBOX_DIR = tmp_path / "mailbox"
    if is_there:
        settings.MAILBOX_DIR.mkdir()
    MailboxBackend().send_messages([EmailMessage("Hello", "Ada", to=["ada@example.com"])])
    assert modes_in(tmp_path) == {"mailbox": "0o700"}
    assert set(modes_in(settings.MAILBOX_DIR).values()) == {"0o600"}


def test_a_file_beside_it_may_vanish_at_that_moment(tmp_path, monkeypatch):
    """SQLite removes it when the last other connection ends."""
    connect(tmp_path / "ollio.sqlite3").close()
    shared, original = tmp_path / "ollio.sqlite3-shm", Path.chmod
    shared.touch(mode=0o644)

    def meanwhile(path, *args, **kwargs):
        if path == shared:
            shared.unlink(missing_ok=True)
        return original(path, *args, **kwargs)

    monkeypatch.setattr(Path, "chmod", meanwhile)
    assert connect(tmp_path / "ollio.sqlite3").execute("SELECT * FROM person").fetchall() == []

"""If the database cannot be reached, a command prints one sentence; other errors keep their traceback."""

import socketserver
import threading

import pytest
from django.db.utils import ConnectionHandler

from config import reach, usable
from tests.test_environment import run

NOT_THERE = "DATABASE_URL names a file in a folder that is not there: make it, or mend the path."
NO_SERVER = "DATABASE_URL leads to no database. See that PostgreSQL runs there"


@pytest.fixture
def refusal(db, monkeypatch):
    """Return the error text for a DATABASE_URL."""

    def ask(url):
        made = usable.database(url)
        if "postgres" in made["ENGINE"]:
            made["OPTIONS"] = {**made.get("OPTIONS", {}), "pool": {"min_size": 1, "timeout": 10}}
        monkeypatch.setattr(reach, "connection", ConnectionHandler({"default": made})["default"])
        return reach.refusal()

    return ask


class Refusing(socketserver.BaseRequestHandler):
    """A PostgreSQL server that asks for the password, and refuses every one with the given text."""

    def handle(self):
        self.request.recv(8)  # the client asks for encryption
        self.request.sendall(b"N")
        self.request.recv(4096)
        self.request.sendall(b"R\0\0\0\x08\0\0\0\x03")
        self.request.recv(4096)
        said = b"SFATAL\0VFATAL\0C28P01\0M" + self.server.words.encode() + b"\0\0"
        self.request.sendall(b"E" + (len(said) + 4).to_bytes(4) + said)


@pytest.fixture
def server():
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Refusing) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        server.url = f"postgres://robot:horses@127.0.0.1:{server.server_address[1]}/ollio"
        yield server
        server.shutdown()


@pytest.mark.parametrize("command", ["migrate", "prepare", "send_mail"])
def test_a_missing_folder_is_told_in_one_line(tmp_path, command):
    done = run("manage.py", command, DATABASE_URL=f"sqlite:///{tmp_path}/none/ollio.sqlite3")
    assert done.returncode == 1
    assert done.stderr.splitlines() == [f"{NOT_THERE} It says: unable to open database file"]


def test_a_postgresql_that_is_not_there_is_told(refusal):
    said = refusal("postgres://robot:horses@127.0.0.1:1/ollio")
    assert said.startswith(NO_SERVER)
    assert "Connection refused Is the server running" in said
    assert "horses" not in said


def test_other_faults_of_a_database_that_is_reached_keep_their_traceback(tmp_path):
    done = run("manage.py", "prepare", DATABASE_URL=f"sqlite:///{tmp_path}/ollio.sqlite3")
    assert done.returncode == 1
    assert done.stderr.startswith("Traceback")
    assert "no such table" in done.stderr


def test_a_database_that_is_there_is_not_refused(refusal, tmp_path):
    assert refusal(f"sqlite:///{tmp_path}/ollio.sqlite3") == ""


def test_what_is_no_database_is_told(refusal, tmp_path):
    said = refusal(f"sqlite:///{tmp_path}")
    assert said.startswith("DATABASE_URL names a file that cannot be used: ")


def test_a_place_where_no_file_can_be_made_is_told():
    done = run("manage.py", "migrate", DATABASE_URL="sqlite:////proc/ollio.sqlite3")
    assert done.returncode == 1
    assert done.stderr.startswith("DATABASE_URL names a file that cannot be used: ")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "words", ['password authentication failed for user "robot"', 'database "ollio" does not exist']
)
def test_what_postgresql_refuses_for_is_told(refusal, server, words):
    server.words = words
    said = refusal(server.url)
    assert said.startswith(NO_SERVER)
    assert words in said
    assert "horses" not in said


@pytest.mark.parametrize("words", ["no entry for robot:horses", "no entry for 456456"])
def test_words_that_hold_a_password_are_left_out(refusal, server, words):
    server.words = words
    said = refusal(f"{server.url}?sslpassword=456456")
    assert said.endswith("the name of the database are right.")

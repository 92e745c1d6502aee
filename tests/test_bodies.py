"""A request that is too large, or has files where none are accepted, is refused by its headers; its body is not
read.
"""

from io import BytesIO

import pytest
from django.test import Client

from config import urls
from config.bodies import MAX_BODY_BYTES, MAX_BULK_BYTES
from tests.factories import SecretKeyFactory, UserFactory

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
FILES = "multipart/form-data; boundary=x"
PART = b'--x\r\nContent-Disposition: form-data; name="login"\r\n\r\nada@example.com\r\n--x--\r\n'
SIGN_IN, SIGN_INS, INVITATIONS = "/sign-in", "/__clerk/v1/client/sign_ins", "/v1/invitations"
BULK = f"{INVITATIONS}/bulk"
DOORS = {SIGN_IN: "text/html", SIGN_INS: JSON, INVITATIONS: JSON}
NO_FILES, TOO_MUCH = 415, 413

pytestmark = pytest.mark.django_db


@pytest.fixture
def send():
    """Post a file that counts how much is read of it as the body. With a length of None the body is chunked."""
    UserFactory(admin=True)
    client = Client(headers={"Authorization": f"Bearer {SecretKeyFactory().raw}"})

    def send(path, kind, body=b"", *, length=None, **more):
        stream = BytesIO(body)
        said = {"CONTENT_LENGTH": str(length)} if length is not None else {"CONTENT_LENGTH": ""}
        more |= {"wsgi.input": stream, "wsgi.input_terminated": length is None, **said}
        answer = client.generic("POST", path, CONTENT_TYPE=kind, **more)
        answer.was_read = stream.tell()
        return answer

    return send


@pytest.mark.parametrize("path", DOORS)
def test_a_form_with_files_is_refused_unread(send, path):
    answer = send(path, FILES, PART, length=700_000_000)
    assert (answer.status_code, answer.was_read) == (NO_FILES, 0)
    assert answer["Content-Type"].startswith(DOORS[path])


@pytest.mark.parametrize("kind", ["Multipart/Form-Data; boundary=x", " multipart/mixed", FILES])
@pytest.mark.parametrize("length", [None, len(PART)])
def test_however_it_is_written(send, kind, length):
    answer = send(SIGN_IN, kind, PART, length=length)
    assert (answer.status_code, answer.was_read) == (NO_FILES, 0)
    assert "No files" in answer.text


@pytest.mark.parametrize("path", [*DOORS, BULK])
def test_what_says_that_it_is_too_long_is_refused_unread(send, path):
    most = MAX_BULK_BYTES if path == BULK else MAX_BODY_BYTES
    kind = FORM if path == SIGN_IN else JSON
    answer = send(path, kind, b"x" * 100, length=most + 1)
    assert (answer.status_code, answer.was_read) == (TOO_MUCH, 0)
    assert answer["Content-Type"].startswith(DOORS.get(path, JSON))


@pytest.mark.parametrize("path", [*DOORS, BULK])
def test_what_does_not_say_so_is_counted(send, path):
    most = MAX_BULK_BYTES if path == BULK else MAX_BODY_BYTES
    kind = FORM if path == SIGN_IN else JSON
    assert send(path, kind, b" " * most).status_code not in {TOO_MUCH, 500}
    answer = send(path, kind, b" " * 2 * most)
    assert (answer.status_code, answer.was_read) == (TOO_MUCH, most + 1)


def test_a_chunked_form_of_a_page_is_read(send):
    answer = send(SIGN_IN, FORM, b"login=ada%40example.com&password=")
    assert answer.status_code == 200
    assert 'value="ada@example.com"' in answer.text


def test_only_bulk_calls_of_the_api_may_be_larger(send):
    for path in ("/bulk", "/sign-in/bulk", "/__clerk/v1/client/bulk", f"{INVITATIONS}/bulk/"):
        assert send(path, FORM, length=MAX_BODY_BYTES + 1).status_code in {TOO_MUCH, 404}


def test_a_refused_page_has_the_headers_of_all_pages(send):
    answer = send(SIGN_IN, FILES, PART, length=len(PART))
    assert "default-src 'self'" in answer["Content-Security-Policy"]
    assert "That was too much" in send(SIGN_IN, FORM, length=MAX_BODY_BYTES + 1).text


def test_a_route_that_takes_files_has_a_length_of_its_own(send, monkeypatch):
    monkeypatch.setitem(urls.UPLOADS, "account_login", 1000)
    taken = send(SIGN_IN, FILES, PART, length=len(PART))
    assert 'value="ada@example.com"' in taken.text
    assert 'value="ada@example.com"' in send(SIGN_IN, FILES, PART).text  # chunked
    assert send(SIGN_IN, FILES, length=1001).status_code == TOO_MUCH
    assert send("/sign-up", FILES, PART, length=len(PART)).status_code == NO_FILES


def test_no_route_takes_files_today():
    assert urls.UPLOADS == {}


def test_a_type_without_a_body_is_no_form_with_files(send):
    assert send(SIGN_IN, FILES, length=0).status_code == 200

"""SIGNING_KEY_FILE: an unusable file is reported when the web server starts, and by `check --deploy`."""

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from django.core.exceptions import ImproperlyConfigured

from config import key_file
from tests.test_environment import run

CHECK, START = ["manage.py", "check", "--deploy"], ["-c", "import config.server"]


def start(command, path):
    return run(*command, SIGNING_KEY_FILE=str(path), DJANGO_ALLOW_ASYNC_UNSAFE="")


def pem(key, *, passphrase=None):
    sealed = serialization.BestAvailableEncryption(passphrase) if passphrase else None
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        sealed or serialization.NoEncryption(),
    )


@pytest.fixture(scope="module")
def good():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture
def told(settings):
    """Return the error for a path."""

    def tell(path):
        settings.SIGNING_KEY_FILE = str(path)
        with pytest.raises(ImproperlyConfigured) as fault:
            key_file.named()
        assert fault.value.__suppress_context__
        return str(fault.value)

    return tell


@pytest.mark.parametrize("command", [CHECK, START])
def test_a_good_one_passes(tmp_path, good, command):
    path = tmp_path / "signing.pem"
    path.write_bytes(pem(good))
    done = start(command, path)
    assert (done.returncode, "SIGNING_KEY_FILE" in done.stderr) == (0, False)


@pytest.mark.parametrize("command", [CHECK, START])
def test_one_that_is_not_there_is_told(tmp_path, command):
    done = start(command, tmp_path / "horses.pem")
    assert done.returncode == 1
    assert "SIGNING_KEY_FILE names a file that is not there: put the key there" in done.stderr
    assert "Traceback" not in done.stderr
    assert "horses" not in done.stderr


def test_an_image_may_be_built_before_the_key_is_there(tmp_path):
    done = start(["manage.py", "check"], tmp_path / "horses.pem")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda good: b"-----BEGIN horses", "a file without a private key"),
        (lambda good: pem(good, passphrase=b"horses"), "a key with a passphrase"),
        (lambda good: pem(ec.generate_private_key(ec.SECP256R1())), "a key of another kind"),
        (lambda good: pem(rsa.generate_private_key(65537, 1024)), "or too short a one"),
    ],
)
def test_what_no_token_can_be_signed_with_is_refused(told, tmp_path, good, make, words):
    path = tmp_path / "signing.pem"
    path.write_bytes(make(good))
    said = told(path)
    assert said.startswith("SIGNING_KEY_FILE names")
    assert words in said
    assert "it must name a PEM file with an RSA private key of 2048 bits or more" in said
    assert "horses" not in said


def test_a_place_that_is_no_file_is_refused(told, tmp_path):
    assert "something that is no file" in told(tmp_path)
    assert "something that is no file" in told(tmp_path / ("a" * 300))
    assert "something that is no file" in told("a\0b")


def test_a_file_of_somebody_elses_is_refused(told, monkeypatch):
    def refuse(_path):
        raise PermissionError

    monkeypatch.setattr(key_file.Path, "read_bytes", refuse)  # root may read every file
    assert "Ollio may not read" in told("signing.pem")


def test_a_key_in_place_of_its_path_is_refused_untold(told, good):
    text = pem(good).decode()
    said = told(text)
    assert (
        said
        == "SIGNING_KEY_FILE holds a key: put that into a file, and write the path of the file."
    )
    assert text[40:50] not in said

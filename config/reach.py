"""Explain to the person who runs a command why the database cannot be reached."""

from pathlib import Path

from django.db import Error, connection
from django.db.backends.base.base import BaseDatabaseWrapper

_SECONDS = 10  # timeout, if PostgreSQL does not respond


def refusal() -> str:
    """Return why no connection can be opened now, and how to correct it.

    Return "" if a connection can be opened: then the error has another cause.
    """
    probe = connection.copy()
    options = probe.settings_dict["OPTIONS"]
    if options.pop("pool", None):  # the pool reports how long it waited, but not why
        options.setdefault("connect_timeout", _SECONDS)
    try:
        probe.ensure_connection()
    except Error as fault:
        return f"{_mend(probe)}{_reason(fault, probe)}"
    finally:
        probe.close()
    return ""


def _mend(probe: BaseDatabaseWrapper) -> str:
    if probe.vendor != "sqlite":
        return (
            "DATABASE_URL leads to no database. See that PostgreSQL runs there, "
            "and that host, port, user, password and the name of the database are right."
        )
    if not Path(probe.settings_dict["NAME"]).parent.is_dir():
        return "DATABASE_URL names a file in a folder that is not there: make it, or mend the path."
    return (
        "DATABASE_URL names a file that cannot be used: "
        "let who runs Ollio write to it and its folder, or mend the path."
    )


def _reason(fault: Error, probe: BaseDatabaseWrapper) -> str:
    """Return the database's error text in one line. If it contains a password, which it should not, return ""."""
    said, known = " ".join(str(fault).split()), probe.settings_dict
    # str(): a password of digits in the query of the URL was parsed as a number.
    more = [str(value) for name, value in known["OPTIONS"].items() if "password" in name]
    secrets = [secret for secret in (known["PASSWORD"], *more) if secret]
    return "" if any(secret in said for secret in secrets) else f" It says: {said}"

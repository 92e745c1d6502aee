"""Whether the database can be reached, told in a sentence to who runs a command."""

from pathlib import Path

from django.db import Error, connection
from django.db.backends.base.base import BaseDatabaseWrapper

_SECONDS = 10  # for a PostgreSQL that says nothing


def refusal() -> str:
    """Why no connection can be opened at this moment, with the mend. Empty where one can: then the fault is another."""
    probe = connection.copy()
    options = probe.settings_dict["OPTIONS"]
    if options.pop("pool", None):  # which tells how long it waited, and not for what
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
    """What the database says, in one line. It names no secrets; should it do so all the same, it is left out."""
    said, known = " ".join(str(fault).split()), probe.settings_dict
    # One of digits is a number by now, where it stood behind the ? of the URL.
    more = [str(value) for name, value in known["OPTIONS"].items() if "password" in name]
    secrets = [secret for secret in (known["PASSWORD"], *more) if secret]
    return "" if any(secret in said for secret in secrets) else f" It says: {said}"

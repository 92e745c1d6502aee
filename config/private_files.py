"""Files that nobody else on this machine may read: they hold addresses, sealed secrets, mails with their codes."""

import os
import sqlite3
import stat
from contextlib import suppress
from pathlib import Path
from typing import Any

_FILE, _FOLDER = 0o600, 0o700


class PrivateConnection(sqlite3.Connection):
    """SQLite makes a database readable by all. Files that it puts beside one get the mode of the database itself."""

    def __init__(self, database: str, *args: Any, **kwargs: Any) -> None:
        name = str(database)
        if not name.startswith("file:") and name != ":memory:":
            try:
                keep_database(Path(name))
            except OSError as fault:  # as SQLite would put it
                raise sqlite3.OperationalError(f"unable to open: {fault.strerror}") from fault
        super().__init__(database, *args, **kwargs)


def keep_database(path: Path) -> None:
    """Make the file, if its folder is there: where it is not, SQLite says so. Another's file is left to them."""
    path = path.resolve()  # where it is a link, SQLite puts its files beside what the link leads to
    if path.parent.is_dir() and not path.exists():
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, _FILE))
    for each in (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
        _restrict(each, mode=_FILE)


def keep_folder(path: Path) -> None:
    path.mkdir(mode=_FOLDER, parents=True, exist_ok=True)
    _restrict(path, mode=_FOLDER)


def _restrict(path: Path, *, mode: int) -> None:
    """If it is there: SQLite takes its files away with the last connection, which may end at this very moment.

    A path that names a folder for all, like /tmp, or a folder or /dev/null where a file is meant, is a mistake of the
    settings. It must not lock everybody out of what is there.
    """
    with suppress(FileNotFoundError):
        seen = path.stat()
        is_ours = seen.st_uid == os.geteuid() and not seen.st_mode & stat.S_ISVTX
        is_meant = stat.S_ISDIR(seen.st_mode) if mode == _FOLDER else stat.S_ISREG(seen.st_mode)
        if is_ours and is_meant and seen.st_mode & 0o077:
            path.chmod(mode)

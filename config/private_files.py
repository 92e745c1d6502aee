"""Files that only their owner may read: they hold addresses, sealed secrets, and mails with codes."""

import os
import sqlite3
import stat
from contextlib import suppress
from pathlib import Path
from typing import Any

_MODES = {stat.S_IFREG: 0o600, stat.S_IFDIR: 0o700}  # of a file, of a folder


class PrivateConnection(sqlite3.Connection):
    """Create the SQLite database readable by its owner only.

    SQLite itself makes it readable by all. Its further files (-wal, -shm) get the mode of the database file.
    """

    def __init__(self, database: str, *args: Any, **kwargs: Any) -> None:
        name = str(database)
        if not name.startswith("file:") and name != ":memory:":
            try:
                keep_database(Path(name))
            except OSError as fault:  # like an error of SQLite
                raise sqlite3.OperationalError(f"unable to open: {fault.strerror}") from fault
        super().__init__(database, *args, **kwargs)


def keep_database(path: Path) -> None:
    """Create the database file with a restricted mode, and restrict existing files. A file of another user is left
    as it is. If the folder does not exist, SQLite reports that.
    """
    path = path.resolve()  # for a link, SQLite creates its files beside the link's target
    if path.parent.is_dir() and not path.exists():
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, _MODES[stat.S_IFREG]))
    for each in (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
        _restrict(each, kind=stat.S_IFREG)


def keep_folder(path: Path) -> None:
    path.mkdir(mode=_MODES[stat.S_IFDIR], parents=True, exist_ok=True)
    _restrict(path, kind=stat.S_IFDIR)


def _restrict(path: Path, *, kind: int) -> None:
    """Restrict the mode, if the path exists: SQLite deletes its files with the last connection, maybe at this moment.

    Only change a file or folder that is ours and of the expected kind. The settings may name a shared folder such as
    /tmp, or a folder or /dev/null instead of a file, by mistake. Other users must not lose access to those.
    """
    with suppress(FileNotFoundError):
        seen = path.stat()
        is_ours = seen.st_uid == os.geteuid() and not seen.st_mode & stat.S_ISVTX
        if is_ours and stat.S_IFMT(seen.st_mode) == kind and seen.st_mode & 0o077:
            path.chmod(_MODES[kind])

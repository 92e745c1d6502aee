"""What a fault of the database means to a client: come back, in a moment or in some seconds, or never, since what
the request is about was erased meanwhile.
"""

from django.db import DatabaseError, IntegrityError, InterfaceError, OperationalError

from config.api_errors import APIRefusal, error, refusal

# PostgreSQL's codes, and SQLite's in decimal.
_LOCKED = {"55P03", 5, 6}  # lock_timeout; SQLITE_BUSY, SQLITE_LOCKED
_TAKEN = {"23505", 2067, 1555}  # unique_violation; SQLITE_CONSTRAINT_UNIQUE, …_PRIMARYKEY
_ERASED = {"23503", 787}  # foreign_key_violation; SQLITE_CONSTRAINT_FOREIGNKEY
_READ_ONLY = {"25006"}  # a standby that was asked to write


def judge_database(fault: DatabaseError | InterfaceError) -> APIRefusal | None:
    """None means that it is a bug of ours."""
    code = _code(fault)
    if code in _LOCKED:
        long_message = "Another request holds what this one needs. Try again in a moment."
        locked = error("resource_locked", "is locked", long_message)
        return APIRefusal(409, locked, headers={"Retry-After": "1"})
    if code in _TAKEN and isinstance(fault, IntegrityError):
        long_message = "Another request took a value that may exist only once. Nothing was changed."
        return APIRefusal(409, error("conflict", "conflict", long_message))
    if code in _ERASED:
        return refusal(404)
    if code in _READ_ONLY or isinstance(fault, OperationalError | InterfaceError):
        return refusal(503, **{"Retry-After": "5"})
    return None


def _code(fault: Exception) -> object:
    cause = fault.__cause__
    number = getattr(cause, "sqlite_errorcode", None)
    if number is None:
        return getattr(cause, "sqlstate", None)
    return number if isinstance(fault, IntegrityError) else number & 0xFF

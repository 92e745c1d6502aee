"""Convert database errors to API errors.

The client can retry at once or in some seconds, or gets a 404, because the object was erased during the request.
"""

from django.db import DatabaseError, IntegrityError, InterfaceError, OperationalError

from config.api_errors import APIRefusal, error, refusal

# PostgreSQL's error codes, and SQLite's as decimal numbers.
_LOCKED = {"55P03", 5, 6}  # lock_timeout; SQLITE_BUSY, SQLITE_LOCKED
_TAKEN = {"23505", 2067, 1555}  # unique_violation; SQLITE_CONSTRAINT_UNIQUE, …_PRIMARYKEY
_ERASED = {"23503", 787}  # foreign_key_violation; SQLITE_CONSTRAINT_FOREIGNKEY
_READ_ONLY = {"25006"}  # read_only_sql_transaction: a write on a standby


def judge_database(fault: DatabaseError | InterfaceError) -> APIRefusal | None:
    """Return the API error for a database error, or None if the error is a bug in our code."""
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

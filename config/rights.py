"""The rights that users and secret keys can have. Code uses the enum, not text, so that mypy finds typos."""

from enum import StrEnum


class Right(StrEnum):
    INVITE = "invite"
    REVOKE = "revoke"
    COPY_LINK = "copy_link"
    MANAGE_USERS = "manage_users"
    ERASE_INVITATIONS = "erase_invitations"
    CONFIGURE = "configure"  # settings and the sign-up mode
    ADMIN = "admin"  # secret keys, operators, and what only admins may do

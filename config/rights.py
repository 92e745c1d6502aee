"""What somebody may do. A right is a member of this enum and never text, so that mypy finds a typo."""

from enum import StrEnum


class Right(StrEnum):
    INVITE = "invite"
    REVOKE = "revoke"
    COPY_LINK = "copy_link"
    MANAGE_USERS = "manage_users"
    ERASE_INVITATIONS = "erase_invitations"
    CONFIGURE = "configure"  # settings and the sign-up mode
    ADMIN = "admin"  # keys, operators and what is theirs

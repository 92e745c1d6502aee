"""How passwords are kept and what they must be (stack.md 1; ASVS 6.2): long rather than complicated."""

from threading import BoundedSemaphore
from typing import Any

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.auth.password_validation import (
    CommonPasswordValidator,
    UserAttributeSimilarityValidator,
)
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

MIN_LENGTH = 8
MAX_LENGTH = 1024

# Each hash takes 46 MiB: a burst of sign-ups must queue for them rather than exhaust the memory.
_slots = BoundedSemaphore(2)


class Argon2Hasher(Argon2PasswordHasher):
    """argon2id with 46 MiB, one pass, one lane: a setting that OWASP recommends."""

    time_cost = 1
    memory_cost = 46 * 1024  # KiB
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        with _slots:
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        with _slots:
            return super().verify(password, encoded)


class LengthValidator:
    """8 characters at least, 1,024 at most; nothing about capitals or digits."""

    def validate(self, password: str, user: Any = None) -> None:
        if len(password) < MIN_LENGTH:
            message = _("Use at least %(length)d characters. A few words are easy to remember.")
            raise ValidationError(message % {"length": MIN_LENGTH}, code="password_too_short")
        if len(password) > MAX_LENGTH:
            message = _("Use at most %(length)d characters.")
            raise ValidationError(message % {"length": MAX_LENGTH}, code="password_too_long")

    def get_help_text(self) -> str:
        return _("At least %(length)d characters. Long beats complicated.") % {"length": MIN_LENGTH}


class CommonValidator(CommonPasswordValidator):
    """None of the twenty thousand that are guessed first; the list comes with Django, nobody is asked."""

    def get_error_message(self) -> str:
        return _("This is easy to guess. Choose a few words that do not belong together.")


class SimilarityValidator(UserAttributeSimilarityValidator):
    def __init__(self) -> None:
        super().__init__(user_attributes=["email_address", "first_name", "last_name"])

    def get_error_message(self) -> str:
        return _("Choose a password that does not resemble your %(verbose_name)s.")

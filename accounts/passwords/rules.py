"""What a password must be: long rather than complicated. What is easy to guess is `accounts/guessing.py`'s to say."""

from typing import Any

from django.contrib.auth.password_validation import UserAttributeSimilarityValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.passwords.text import MAX_LENGTH, MIN_LENGTH, normalised


class LengthValidator:
    """8 characters at least, 1,024 at most; nothing about capitals or digits."""

    def validate(self, password: str, user: Any = None) -> None:
        length = len(normalised(password))
        if length < MIN_LENGTH:
            message = _("Use at least %(length)d characters. A few words are easy to remember.")
            raise ValidationError(message % {"length": MIN_LENGTH}, code="password_too_short")
        if length > MAX_LENGTH:
            message = _("Use at most %(length)d characters.")
            raise ValidationError(message % {"length": MAX_LENGTH}, code="password_too_long")

    def get_help_text(self) -> str:
        return _("At least %(length)d characters. Long beats complicated.") % {"length": MIN_LENGTH}


class SimilarityValidator(UserAttributeSimilarityValidator):
    def __init__(self) -> None:
        super().__init__(user_attributes=["email_address", "first_name", "last_name"])

    def validate(self, password: str, user: Any = None) -> None:
        super().validate(normalised(password), user)

    def get_error_message(self) -> str:
        return _("Choose a password that does not resemble your %(verbose_name)s.")

"""What is easy to guess: what many people choose, what follows from who they are and what they sign up for, and,
where an admin wants it, what has leaked elsewhere.
"""

import re
import string
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from zxcvbn_rs_py import zxcvbn

from accounts.models import Application
from accounts.passwords import MAX_LENGTH, MIN_LENGTH, is_breached, normalised

# What a good guesser may need at least: as many as for eight characters by chance. "Summer2026!" takes a third.
LEAST_GUESSES = 10**8
ONE_WORD = (
    10**5
)  # what a guesser needs for a word, or for a name; digits and signs behind it add little
_BEHIND_A_WORD = string.digits + string.punctuation + " "
_LOOKED_AT = 72  # characters; the work grows with the square of it

# The estimator tries all meanings of characters that may stand for letters: with many of them side by side that
# would take seconds. Then signs count as one and the same, and fewer characters are looked at.
_FOR_LETTERS = frozenset("4@8({[<369|1!70$5+%2")
_MOST_FOR_LETTERS = 6
_SIGNS = str.maketrans(dict.fromkeys("@({[<|!$+%", "#"))
_LOOKED_AT_THEN = 36

# What people put before the year, in the languages that the estimator's own lists lack.
_SEASONS = (
    "fruhling frühling sommer herbst januar februar märz maerz mai juni juli oktober dezember montag dienstag "
    "mittwoch donnerstag freitag samstag sonntag passwort printemps été automne hiver janvier février fevrier avril "
    "juin juillet août septembre octobre novembre décembre decembre motdepasse primavera verano otoño invierno enero "
    "febrero abril mayo junio julio septiembre octubre noviembre diciembre contraseña estate autunno inverno gennaio "
    "giugno luglio settembre ottobre dicembre outono verao verão janeiro março junho julho setembro outubro dezembro "
    "zomer herfst wachtwoord"
)


class GuessableValidator(CommonPasswordValidator):
    """One answer for all that is guessed first: the twenty thousand that Django knows, and what an estimator needs
    few guesses for. Only then a service is asked, if one is named.
    """

    def validate(self, password: str, user: Any = None) -> None:
        password = normalised(password)
        if not MIN_LENGTH <= len(password) <= MAX_LENGTH:
            return  # another rule says so
        super().validate(password, user)
        check_guessable(password, words=_known_of(user))
        if is_breached(password):
            message = _("This password is known from a leak of another site. Choose another one.")
            raise ValidationError(message, code="password_breached")

    def get_error_message(self) -> str:
        return _("This is easy to guess. Choose a few words that do not belong together.")


def check_guessable(password: str, *, words: Iterable[str]) -> None:
    """`words` are what a guesser may know: names, addresses. Raises ValidationError."""
    password = normalised(password)[:_LOOKED_AT]
    if len(_FOR_LETTERS.intersection(password)) > _MOST_FOR_LETTERS:
        password = password.translate(_SIGNS)[:_LOOKED_AT_THEN]
    told = [*_parts(words), *_SEASONS.split()]
    word = password.rstrip(_BEHIND_A_WORD)
    is_word = 0 < len(word) < len(password) and zxcvbn(word, told).guesses < ONE_WORD
    if is_word or zxcvbn(password, told).guesses < LEAST_GUESSES:
        message = _("This is easy to guess. Choose a few words that do not belong together.")
        raise ValidationError(message, code="password_guessable")


def _known_of(user: Any) -> list[str]:
    person = [getattr(user, name, "") for name in ("email_address", "first_name", "last_name")]
    host = str(urlsplit(settings.BASE_URL).hostname)
    # Its name alone: this is asked at each sign-up, which reads the whole row for something else.
    names = Application.objects.values_list("name", flat=True)
    return [*person, *names, host]


def _parts(words: Iterable[str]) -> Iterable[str]:
    """Each as it is, without what stands between its parts, and the parts."""
    for word in words:
        parts = re.split(r"[\W_]+", word.lower())
        yield from filter(None, {word.lower(), "".join(parts), *parts})

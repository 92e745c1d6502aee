"""Read environment variables.

An unusable value stops the start. The error names the variable and says how to correct it. It never shows the value,
which may be a secret.
"""

import json
from collections.abc import Callable, Mapping

from django.core.exceptions import ImproperlyConfigured

from config.usable import Unusable, listed

_YES = {"true", "on", "ok", "y", "yes", "1"}
_NO = {"false", "off", "n", "no", "0"}
_MOST = 2**31 - 1
CENTURY = 36_500  # days; a limit, because dates before the year 1 are not possible


class Environment:
    """The environment variables. An empty variable counts as not set. `$NAME` stands for the value of NAME, if set."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values

    def read[Value](self, name: str, reader: Callable[[str], Value], *, default: str = "") -> Value:
        """Return the value as parsed by `reader` (see config/usable.py). Raises ImproperlyConfigured."""
        return understood(name, reader, self.text(name, default=default))

    def text(self, name: str, *, default: str = "") -> str:
        return self._untouched(name).strip() or default

    def listed(self, name: str) -> list[str]:
        return listed(self.text(name))

    def whole(self, name: str, *, default: int, least: int = 0, most: int = _MOST) -> int:
        said = self.text(name)
        try:
            number = int(said) if said else default
        except ValueError:
            number = least - 1
        if number < least:
            raise ImproperlyConfigured(f"{name} must be a whole number of at least {least}.")
        if number > most:
            raise ImproperlyConfigured(f"{name} must be a whole number of at most {most}.")
        return number

    def switch(self, name: str) -> bool:
        said = self.text(name, default="false").lower()
        if said not in _YES | _NO:
            raise ImproperlyConfigured(f"{name} must be true or false.")
        return said in _YES

    def one_of(self, name: str, *names: str, default: str) -> str:
        said = self.text(name, default=default).upper()
        if said not in names:
            raise ImproperlyConfigured(f"{name} must be one of {', '.join(names)}.")
        return said

    def options(self, name: str) -> dict:
        """Return a JSON object."""
        try:
            said = json.loads(self.text(name, default="{}"))
        except (ValueError, RecursionError):  # the latter if it is nested too deeply
            said = None
        if not isinstance(said, dict):
            raise ImproperlyConfigured(
                f'{name} must be a JSON object, such as {{"name": 1}}, in double quotes.'
            )
        return said

    def numbers(self, name: str) -> dict[str, int]:
        """Return a JSON object whose values are whole numbers of at least 1."""
        said = self.options(name)
        if any(type(number) is not int or number < 1 for number in said.values()):
            raise ImproperlyConfigured(f"{name} must hold whole numbers of at least 1.")
        return said

    def secret(self, name: str, reader: Callable[[str], str]) -> str:
        """Return a secret unchanged, with spaces and line breaks at its ends: data may be sealed under it so."""
        return understood(name, reader, self._untouched(name))

    def former_secrets(self, name: str) -> list[str]:
        """Return secrets separated by commas, each both without and with the spaces around it."""
        said = [entry for entry in self._untouched(name).split(",") if entry.strip()]
        return list(dict.fromkeys(secret for entry in said for secret in (entry.strip(), entry)))

    def _untouched(self, name: str) -> str:
        said = self._values.get(name, "")
        return self._values.get(said[1:], said) if said.startswith("$") else said


def understood[Value](name: str, reader: Callable[[str], Value], text: str) -> Value:
    """Return what `reader` makes of `text`. Raises ImproperlyConfigured, with the variable's name."""
    try:
        return reader(text)
    except Unusable as fault:
        raise ImproperlyConfigured(f"{name} {fault}") from None

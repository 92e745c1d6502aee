"""Validates lists of origins: allowed redirect targets, and pages that may call the Frontend API."""

import re
from collections.abc import Callable, Mapping

from django.utils.translation import gettext_lazy as _

from invitations.targets import InvalidTarget, parse

MAX_ORIGINS = 100
_SEPARATORS = frozenset(" ,;")
# Origins of mobile and desktop apps and of browser extensions, as their browser engine writes them.
_APP = re.compile(
    r"(?:capacitor|ionic|tauri)://localhost|chrome-extension://[a-p]{32}"
    r"|moz-extension://[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
)
_APP_SCHEME = re.compile(r"(?:capacitor|ionic|tauri|chrome-extension|moz-extension):")
# Origins that are the same for every app built with the same tool.
_OF_EVERY_APP = {
    "capacitor://localhost",
    "ionic://localhost",
    "tauri://localhost",
    "http://localhost",
    "https://localhost",
    "http://tauri.localhost",
    "https://tauri.localhost",
}


class InvalidOrigins(InvalidTarget):
    """Some entries of a list are not valid origins. `faults` maps the index of each to its error. Message and
    code are those of the first.
    """

    def __init__(self, faults: Mapping[int, InvalidTarget]) -> None:
        first = next(iter(faults.values()))
        super().__init__(str(first), code=first.code)
        self.faults = faults


def clean_origin(text: object) -> str:
    """Return an origin (scheme, host and port) in its normal form; raises InvalidTarget."""
    if isinstance(text, str) and "*" in text:
        raise InvalidTarget(_("Name every host by itself: * is not possible."))
    if isinstance(text, str) and not _SEPARATORS.isdisjoint(text):
        raise InvalidTarget(_("Give one origin at a time, without spaces, commas and semicolons."))
    target = parse(text)
    if target.path not in {"", "/"} or target.query or target.fragment:
        advice = _("Remove what follows the host, so that %(origin)s is left.")
        raise InvalidTarget(advice % {"origin": target.origin})
    return target.origin


def clean_caller(text: object) -> str:
    """Return the origin of pages that may call the Frontend API; raises InvalidTarget.

    Also accepts the origins of apps and extensions. `clean_origin` does not: these are never redirect targets.
    """
    lowered = text.removesuffix("/").lower() if isinstance(text, str) else ""
    if not _APP_SCHEME.match(lowered):
        return clean_origin(text)
    if not _APP.fullmatch(lowered):
        raise InvalidTarget(
            _(
                "Give it as the app's browser writes it, such as capacitor://localhost, chrome-extension:// with the"
                " extension's 32 letters, or moz-extension:// with its UUID."
            )
        )
    return lowered


def shared_by_apps(callers: list[str]) -> list[str]:
    """Return those that many apps have in common: the pages of any such app that a user installs can call, too."""
    return [origin for origin in callers if origin in _OF_EVERY_APP]


def clean_callers(texts: object) -> list[str]:
    """Like `clean_origins`, for origins that may call the Frontend API."""
    return clean_origins(texts, each=clean_caller)


def clean_origins(texts: object, *, each: Callable[[object], str] = clean_origin) -> list[str]:
    """Return the origins in their normal form, without duplicates, in the given order.

    Raises InvalidTarget; its subclass InvalidOrigins if single entries are invalid.
    """
    if not isinstance(texts, list):
        raise InvalidTarget(_("Give a list of origins."), code="form_param_value_invalid")
    if len(texts) > MAX_ORIGINS:
        raise InvalidTarget(_("Give at most 100 origins."), code="form_param_array_size_exceeded")
    origins: dict[str, None] = {}
    faults: dict[int, InvalidTarget] = {}
    for place, text in enumerate(texts):
        try:
            origins[_entry(text, clean=each)] = None
        except InvalidTarget as fault:
            faults[place] = fault
    if faults:
        raise InvalidOrigins(faults)
    return list(origins)


def _entry(text: object, *, clean: Callable[[object], str]) -> str:
    """Validate one entry of a list. The error message starts with the text of the entry."""
    try:
        return clean(text)
    except InvalidTarget as fault:
        words = _("%(entry)s: %(advice)s") % {"entry": str(text)[:80], "advice": fault}
        raise InvalidTarget(words, code=fault.code) from fault

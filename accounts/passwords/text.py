"""A password as it is judged, hashed and compared: keyboards write one and the same text in several ways."""

import unicodedata

MIN_LENGTH = 8
MAX_LENGTH = 1024  # characters of the one form
# Of what is typed. The one form may be shorter: up to four characters of a keyboard become one. Longer texts are
# no password, and stay as they are: combining marks without end would take seconds to sort.
_MOST_TYPED = 4 * MAX_LENGTH

# All characters of Unicode's category "space separator" but the ordinary one (RFC 8265, 4.2).
_SPACES = dict.fromkeys(
    [0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000],
    " ",
)


def normalised(password: str) -> str:
    """Every space as the ordinary one, and NFC: a letter and its accent are one character where there is one."""
    if len(password) > _MOST_TYPED:
        return password
    return unicodedata.normalize("NFC", password.translate(_SPACES))

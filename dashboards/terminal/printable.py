"""Received text without characters that move the cursor, change the terminal or hide text.

Such characters are controls (also ESC and the C1 controls U+0080-009F), format characters (bidirectional overrides and
isolates, zero-width characters), line and paragraph separators, surrogates, and unassigned code points: all that
`str.isprintable` rejects except spaces. Unicode Technical Report 36 ("Unicode Security Considerations") and
CVE-2021-42574 explain why format characters matter.
"""

import unicodedata
from typing import Final

DOT: Final = "·"
LINES: Final = "\n\t"  # characters that a text of several lines may keep


def is_printable(letter: str) -> bool:
    """Return whether a terminal only displays the character."""
    return letter.isprintable() or unicodedata.category(letter) == "Zs"


def dot_unprintable(text: str) -> str:
    """Return the text with a dot for each unprintable character, for a cell of a table."""
    return text if text.isprintable() else "".join(letter if is_printable(letter) else DOT for letter in text)


def escape_unprintable(text: str, keep: str = "") -> str:
    """Return the text with an escape such as `\\x1b` for each unprintable character that is not in `keep`."""
    if text.isprintable():
        return text
    return "".join(letter if letter in keep or is_printable(letter) else _escape(letter) for letter in text)


def escape_json(text: str) -> str:
    """Return JSON with the unprintable characters of its strings escape_unprintable: the same values, safe to print."""
    return "".join(letter if letter == "\n" or letter.isprintable() else _json_escape(letter) for letter in text)


def _escape(letter: str) -> str:
    return letter.encode("unicode_escape").decode("ascii")


def _json_escape(letter: str) -> str:
    units = letter.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))

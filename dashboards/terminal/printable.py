"""Text from outside, made fit for a terminal: no character that moves the cursor, changes the terminal or hides text.

Unfit are controls (ESC and the C1 controls U+0080-009F among them), format characters (bidirectional overrides and
isolates, zero-width characters), line and paragraph separators, surrogates, and code points without a meaning: all
that `str.isprintable` refuses but the spaces. Unicode Technical Report 36 ("Unicode Security Considerations") and
CVE-2021-42574 say why format characters matter.
"""

import unicodedata
from typing import Final

DOT: Final = "·"
LINES: Final = "\n\t"  # what a text of several lines may keep


def is_fit(letter: str) -> bool:
    """Whether a terminal shows the character and does nothing else with it."""
    return letter.isprintable() or unicodedata.category(letter) == "Zs"


def dotted(text: str) -> str:
    """The text with a dot for each unfit character: for the cell of a table."""
    return text if text.isprintable() else "".join(letter if is_fit(letter) else DOT for letter in text)


def escaped(text: str, keep: str = "") -> str:
    """The text with an escape such as `\\x1b` or `\\u202e` for each unfit character that is not in `keep`."""
    if text.isprintable():
        return text
    return "".join(letter if letter in keep or is_fit(letter) else _escape(letter) for letter in text)


def escaped_json(text: str) -> str:
    """JSON with every unfit character inside its strings escaped: the same values, safe to print."""
    return "".join(letter if letter == "\n" or letter.isprintable() else _json_escape(letter) for letter in text)


def _escape(letter: str) -> str:
    return letter.encode("unicode_escape").decode("ascii")


def _json_escape(letter: str) -> str:
    units = letter.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))

"""Invisible characters, which copying from a chat, a contact or a spreadsheet adds to a value.

Removed: the code points that Unicode calls default ignorable (DerivedCoreProperties.txt: soft hyphen, direction marks,
zero-width blanks and joiners, byte order mark, variation selectors, fillers, tags), interlinear annotation marks and
the blank braille pattern. Control characters (NUL, line breaks inside a value) are kept: they show that a value was cut
or joined wrongly.
"""

from re import compile as pattern
from typing import Final
from unicodedata import category, normalize

_IGNORABLE: Final = pattern(
    "[\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]+"
)
_BLANKS: Final = dict.fromkeys(map(ord, "\xa0\u1680\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))), " ")
_FULL_WIDTH: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3002: ord("."), 0xFF61: ord(".")}


def tidy(text: str) -> str:
    """Return a text without invisible characters, with ordinary blanks for all others, trimmed, composed (NFC)."""
    if text.isascii() and text.isprintable():
        return text.strip()
    return normalize("NFC", _IGNORABLE.sub("", text).translate(_BLANKS)).strip()


def narrow(text: str) -> str:
    """Return a text with full-width signs and letters of East Asian keyboards as their ASCII counterparts."""
    return text if text.isascii() else text.translate(_FULL_WIDTH)


def control_of(text: str) -> str:
    """Return the first control, format or separator character or half of a surrogate pair, or ''."""
    return next((c for c in text if category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp")), "")

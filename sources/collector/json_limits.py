"""Limits of JSON that hold before it is parsed."""

import re
from typing import Final

# A string ends at the end of the text at the latest, so the search never starts again inside one.
_STRING: Final = re.compile(rb'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)', re.DOTALL)
_TO_SQUARE: Final = bytes.maketrans(b"{}", b"[]")
_NO_BRACKETS: Final = bytes(byte for byte in range(256) if byte not in b"[]{}")


def is_deeper(text: bytes, deepest: int) -> bool:
    """Return whether JSON text is nested deeper than `deepest` levels; False for text that is no JSON.

    Takes linear time and no more memory than the text: each round removes the innermost level of brackets.
    """
    if text.count(b"{") + text.count(b"[") <= deepest:
        return False
    brackets = _STRING.sub(b"", text).translate(_TO_SQUARE, _NO_BRACKETS)
    for _ in range(deepest):
        size = len(brackets)
        brackets = brackets.replace(b"[]", b"")
        if len(brackets) == size:
            return False
    return b"[]" in brackets

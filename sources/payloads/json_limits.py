"""Limits of JSON that hold before it is parsed."""

from typing import Final

_TO_SQUARE: Final = bytes.maketrans(b"{}", b"[]")
_NO_BRACKETS: Final = bytes(byte for byte in range(256) if byte not in b"[]{}")


def is_deeper(text: bytes, deepest: int) -> bool:
    """Return whether JSON text is nested deeper than `deepest` levels. Of text that is no JSON it may return either.

    Takes linear time and less memory than the parsed value: each round removes the innermost level of brackets.
    """
    if text.count(b"{") + text.count(b"[") <= deepest:
        return False
    if b"\\" in text:  # a pair of backslashes first, since it escapes no quote
        text = text.replace(b"\\\\", b"").replace(b'\\"', b"")
    outside_strings = b"".join(text.split(b'"')[::2])
    brackets = outside_strings.translate(_TO_SQUARE, _NO_BRACKETS)
    for _ in range(deepest):
        size = len(brackets)
        brackets = brackets.replace(b"[]", b"")
        if len(brackets) == size:
            return False
    return b"[]" in brackets

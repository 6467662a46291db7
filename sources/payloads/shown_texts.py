"""Texts that people read, as short as the contract wants them: labels, messages, and text of HTML."""

from html import unescape
from re import compile as pattern
from typing import Final

from schemas.raw_touch import LONGEST_ID, LONGEST_MESSAGE, LONGEST_TEXT

_hidden: Final = pattern(r"(?is)<(?:style|script)\b[^<>]*>[^<]*").sub
_break: Final = pattern(r"(?i)<(?:br|/p|/div|/li|/tr|/h[1-6])\b[^<>]*>").sub
_tag: Final = pattern(r"<[!/a-zA-Z][^<>]*>").sub


def label_of(value: object) -> str:
    """Return a text or a whole number as a label; empty for other values."""
    return _short(value, LONGEST_ID)


def line_of(value: object) -> str:
    """Return a text such as a subject or a title; empty for other values."""
    return _short(value, LONGEST_TEXT)


def message_of(value: object) -> str:
    """Return the plain text of a message; empty for other values."""
    return _short(value, LONGEST_MESSAGE)


def message_of_html(value: object) -> str:
    """Return the text of a message in HTML, a line for each of its paragraphs."""
    if not isinstance(value, str):
        return ""
    text = unescape(_tag("", _break("\n", _hidden("", value))))
    lines = (line.strip() for line in text.splitlines())
    return _short("\n".join(line for line in lines if line), LONGEST_MESSAGE)


def _short(value: object, most: int) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    return value.strip()[:most].rstrip() if isinstance(value, str) else ""

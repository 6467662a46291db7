"""Header fields of a mail (RFC 5322): unfolded, with 8-bit text and encoded words (RFC 2047) decoded.

Addresses are found before encoded words are decoded, since an encoded word is text and never part of an address.
"""

from email.errors import HeaderParseError
from email.header import decode_header
from email.parser import BytesHeaderParser
from email.policy import compat32
from email.utils import getaddresses
from re import Match
from re import compile as pattern
from typing import Final, NamedTuple

from schemas.identifiers.email_addresses import read_email, spelling_of
from schemas.identifiers.read_outcome import Invalid

_WORD: Final = r"=\?[^?\s]{1,64}\?[bBqQ]\?[^?]*\?="
_encoded_words: Final = pattern(rf"{_WORD}(?:\s+{_WORD})*").sub
_fold: Final = pattern(r"[\r\n]+[ \t]*").sub
_controls: Final = pattern(r"[\x00-\x1f\x7f]+").sub
_bare_addresses: Final = pattern(r"[^\s<>,;:\"()@]{1,64}@[^\s<>,;:\"()@]{1,255}").findall
_FALLBACK_CHARSET: Final = "cp1252"  # what mail programs mean that send 8-bit headers and no UTF-8


class Mailbox(NamedTuple):
    """An address of a header field, as it is written, with its display name, and in one spelling for comparison."""

    name: str
    address: str
    spelling: str


class Headers:
    """The header fields of one mail."""

    def __init__(self, head: bytes) -> None:
        self._fields: dict[str, list[str]] = {}
        for name, value in BytesHeaderParser(policy=compat32).parsebytes(head).raw_items():
            self._fields.setdefault(name.lower(), []).append(_fold(" ", _decode_8_bit(str(value))).strip())

    def __bool__(self) -> bool:
        return bool(self._fields)

    def raw(self, name: str) -> list[str]:
        """Return the values of a field in their order, without decoding encoded words."""
        return self._fields.get(name, [])

    def text(self, name: str) -> str:
        """Return the first value of a field as readable text, '' if it is missing."""
        return _readable(next(iter(self.raw(name)), ""))

    def mailboxes(self, *names: str) -> list[Mailbox]:
        """Return the addresses of several fields, each address once. What cannot be an address is left out."""
        found: dict[str, Mailbox] = {}
        for value in (value for name in names for value in self.raw(name)):
            for display_name, address in _addresses(value):
                # Text such as `undisclosed-recipients:;` has no address, and a local user has no domain.
                if "@" not in address or isinstance(read_email(address), Invalid):
                    continue
                spelling = spelling_of(address)
                found.setdefault(spelling, Mailbox(_readable(display_name), address, spelling))
        return list(found.values())


def _addresses(value: str) -> list[tuple[str, str]]:
    """Return (display name, address) of a list of addresses; of a malformed list the addresses that it contains."""
    try:
        found = getaddresses([value])
    except (RecursionError, ValueError, IndexError):  # the standard library's on nested comments and broken quotes
        found = []
    if any("@" in address for _, address in found):
        return found
    return [("", address) for address in _bare_addresses(value)]


def _decode_8_bit(value: str) -> str:
    """Return text whose bytes above 127 the parser has kept as lone surrogates."""
    if value.isascii():
        return value
    data = value.encode("utf-8", "surrogateescape")
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode(_FALLBACK_CHARSET, "replace")


def _readable(value: str) -> str:
    """Return a value with its encoded words decoded, without control characters, valid as UTF-8."""
    decoded = _encoded_words(_decode_words, value) if "=?" in value else value
    return _controls(" ", decoded.encode("utf-8", "replace").decode()).strip()


def _decode_words(words: Match[str]) -> str:
    try:
        return "".join(_decoded(part, charset) for part, charset in decode_header(words[0]))
    except (HeaderParseError, ValueError):
        return words[0]


def _decoded(part: str | bytes, charset: str | None) -> str:
    if isinstance(part, str):
        return part
    try:
        # RFC 2231 allows a language behind the charset: `iso-8859-1*en`.
        return part.decode((charset or "ascii").partition("*")[0], "replace")
    except (LookupError, ValueError):  # unknown, or a codec that is no charset
        return part.decode(_FALLBACK_CHARSET, "replace")

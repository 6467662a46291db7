"""The normal form of a page's path, so that a page has one name whichever browser, log or template wrote its address.

Normalisation follows RFC 3986 (6.2.2) and RFC 3987 (3.1); the result is ASCII: non-ASCII characters and those that a
path must not contain are percent-encoded as UTF-8, unreserved ones are decoded, hexadecimal digits are in upper case,
`.` and `..` are resolved. Case, doubled slashes and a trailing one are kept, since they may name another page.
"""

from re import compile as pattern
from typing import Final
from urllib.parse import quote

_UNRESERVED: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_ALLOWED: Final = "/:@!$&'()*+,;="  # besides the unreserved (RFC 3986, 3.3)
_is_plain: Final = pattern(r"[A-Za-z0-9\-._~/:@!$&'()*+,;=]*").fullmatch
_encoded: Final = pattern("%([0-9A-Fa-f]{2})")


def normal_path(path: str) -> str:
    """The normal form of a path that begins with `/` and contains no surrogates."""
    path = encode_path(path)
    return _without_dots(path) if "/." in path else path


def encode_path(text: str) -> str:
    """A path, or a part of one, with normalised characters. A `%` without two hexadecimal digits is kept."""
    if _is_plain(text):
        return text
    return quote(_encoded.sub(lambda found: _decoded(found[1]), text), safe=f"{_ALLOWED}%")


def _decoded(digits: str) -> str:
    character = chr(int(digits, 16))
    return character if character in _UNRESERVED else f"%{digits.upper()}"


def _without_dots(path: str) -> str:
    """RFC 3986, 5.2.4."""
    kept: list[str] = []
    segments = path.split("/")[1:]
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in (".", ".."):
        kept.append("")
    return "/" + "/".join(kept)

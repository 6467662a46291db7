"""One spelling for the path of a page, however a browser, a log or a template wrote it.

What RFC 3986 (6.2.2) and RFC 3987 (3.1) call equivalent becomes the same text, in ASCII: characters beyond ASCII, and
those that a path may not have, are percent-encoded as UTF-8, unreserved ones are not, hexadecimal digits are in upper
case, `.` and `..` are resolved. Case, slashes at the end and double ones stay: they may be another page.
"""

from re import compile as pattern
from typing import Final
from urllib.parse import quote

_UNRESERVED: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_ALLOWED: Final = "/:@!$&'()*+,;="  # besides the unreserved (RFC 3986, 3.3)
_is_plain: Final = pattern(r"[A-Za-z0-9\-._~/:@!$&'()*+,;=]*").fullmatch
_encoded: Final = pattern("%([0-9A-Fa-f]{2})")


def normal_path(path: str) -> str:
    """The one spelling of a path that begins with `/` and has no surrogates."""
    path = encode_path(path)
    return _without_dots(path) if "/." in path else path


def encode_path(text: str) -> str:
    """A path or a piece of one with its characters in their one spelling. A `%` that encodes nothing stays."""
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

"""Decoding of a table's bytes to lines of text: encoding, byte order mark, and line ends LF, CR LF and CR."""

import codecs
import io
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from sources.files import FileReadError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

LONGEST_LINE: Final = 1024 * 1024
"""Characters. A longer line is cut here and its rest dropped, which bounds memory for a file without line ends."""

UNDECODED: Final = "\udcff"
"""Replacement of bytes that are invalid in the encoding, so that only rows with such bytes are rejected."""

_MARKS: Final = (  # longer ones first, since UTF-32 in little-endian order begins like UTF-16
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LONGEST_MARK: Final = 4
_WORKBOOKS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # how .xlsx, .ods and other archives begin, and .xls
_ERRORS: Final = "touchline-undecoded"


def _mark(error: UnicodeError) -> tuple[str, int]:
    if isinstance(error, UnicodeDecodeError):
        return UNDECODED, error.end
    raise error


codecs.register_error(_ERRORS, _mark)


def check_encoding(name: str) -> None:
    """Raise `ValueError` with a message for the user if `name` is not an encoding of text."""
    try:
        b"a,b\n".decode(name, "replace")  # raises for codecs that do not encode text, such as hex
        codecs.getincrementaldecoder(name)(_ERRORS).decode(b"a,b\n", True)
    except (LookupError, UnicodeError, TypeError, ValueError):
        raise ValueError(
            f"unknown encoding {name!r}: give one such as utf-8, cp1252, latin-1, utf-16 or shift_jis"
        ) from None


def text_lines(blocks: Iterable[bytes], encoding: str = "") -> Iterator[str]:
    """Yield lines with their line ends (CR LF, LF or CR), without the byte order mark.

    `blocks` are the file's bytes in blocks of any size. `encoding`: '' means the encoding of the byte order mark
    (UTF-8, UTF-16 or UTF-32), or UTF-8 without one. Raises `FileReadError` for workbooks, and if the codec fails.
    """
    source = iter(blocks)
    head = b""
    for block in source:
        head += block
        if len(head) >= _LONGEST_MARK:
            break
    if head.startswith(_WORKBOOKS):
        raise FileReadError("this is a workbook or an archive, not text: save its sheet as CSV UTF-8")
    text = io.TextIOWrapper(
        io.BufferedReader(_Blocks(head, source)),
        encoding=_encoding(encoding, head),
        errors=_ERRORS,
        newline="",
    )
    first = True
    try:
        while line := text.readline(LONGEST_LINE):
            yield line.removeprefix("\ufeff") if first else line
            first = False
            while len(line) == LONGEST_LINE and not line.endswith(("\n", "\r")):
                line = text.readline(LONGEST_LINE)
    except UnicodeError as error:
        raise FileReadError(f"the text cannot be read as {encoding}: {error}") from error


def _encoding(encoding: str, head: bytes) -> str:
    marked = next((name for mark, name in _MARKS if head.startswith(mark)), "")
    if not encoding:
        return marked or "utf-8"
    name = codecs.lookup(encoding).name
    # Without a byte order mark, little-endian is the likelier order, since Windows writes such files.
    return f"{name}-le" if name in ("utf-16", "utf-32") and marked != name else name


class _Blocks(io.RawIOBase):
    """Blocks of bytes as a file, for `io.TextIOWrapper`."""

    def __init__(self, head: bytes, blocks: Iterator[bytes]) -> None:
        self._rest = memoryview(head)
        self._blocks = blocks

    def readable(self) -> bool:
        return True

    def readinto(self, into: "WriteableBuffer", /) -> int:
        while not self._rest:
            block = next(self._blocks, None)
            if block is None:
                return 0
            self._rest = memoryview(block)
        room = memoryview(into)
        count = min(len(room), len(self._rest))
        room[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count

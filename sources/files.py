"""Input files: plain or gzip, by their first bytes and not their name, or standard input as `-`."""

import gzip
import io
import os
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, BinaryIO, Final, cast

STANDARD_INPUT: Final = "standard input"

LONGEST_LINE_BYTES: Final = 1024 * 1024
"""A longer line is cut here and its rest dropped, which bounds memory for a file without line ends.

Importers with a limit of their own have a smaller one, so that they reject a cut line instead of misreading it."""

_BLOCK_BYTES: Final = 64 * 1024

_GZIP = b"\x1f\x8b"
_PACKED: Final = "unpack it, as with `{} FILE | touchline import ... -`"
_OTHER_PACKED: Final = (
    (b"BZh", "is compressed with bzip2", _PACKED.format("bzcat")),
    (b"\xfd7zXZ\0", "is compressed with xz", _PACKED.format("xzcat")),
    (b"\x28\xb5\x2f\xfd", "is compressed with zstd", _PACKED.format("zstdcat")),
    (b"\x04\x22\x4d\x18", "is compressed with lz4", _PACKED.format("lz4cat")),
    (b"PK\x03\x04", "is a workbook or a zip archive", "save the workbook's sheet as CSV UTF-8, or unpack the archive"),
)
"""Other packed formats: first bytes, name, and advice."""

_LONGEST_HEAD: Final = 6
_TEXT_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")  # of UTF-16, in which text has zero bytes
_FIRST_OF_TEXT: Final = 0x09  # text has no control characters below the tab


class FileReadError(Exception):
    """A file that cannot be read, or not to its end; the message names it."""


@dataclass(slots=True)
class OpenFile:
    """An open file. Iterating yields its lines, once, and raises `FileReadError` if reading fails."""

    name: str
    size_bytes: int | None  # on disk; None for standard input
    _raw: BinaryIO
    _text: IO[bytes]

    def __iter__(self) -> Iterator[bytes]:
        with self._readable():
            while line := self._text.readline(LONGEST_LINE_BYTES):
                yield line
                while not line.endswith(b"\n") and len(line) == LONGEST_LINE_BYTES:
                    line = self._text.readline(LONGEST_LINE_BYTES)

    def blocks(self) -> Iterator[bytes]:
        """Yield the content in blocks, once, for readers that split lines themselves. Raises `FileReadError`."""
        with self._readable():
            while block := self._text.read(_BLOCK_BYTES):
                yield block

    @contextmanager
    def _readable(self) -> Iterator[None]:
        try:
            yield
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise FileReadError(f"{self.name}: the compressed file is damaged or cut short: {error}") from error
        except OSError as error:
            raise FileReadError(f"{self.name}: reading failed: {error.strerror or error}") from error

    def read_bytes(self) -> int:
        """Return how many bytes of the file on disk have been read, for a progress bar."""
        return self._raw.tell() if self.size_bytes is not None else 0


@contextmanager
def open_file(path: str) -> Iterator[OpenFile]:
    """Open a file, or standard input for `-`. Raises `FileReadError`."""
    if path == "-":
        stdin = standard_input()
        yield OpenFile(STANDARD_INPUT, None, stdin, _unpack(STANDARD_INPUT, stdin))
        return
    try:
        opened = open(path, "rb")  # noqa: SIM115 - closed below; the message is for errors of opening only
    except OSError as error:
        raise FileReadError(f"{path}: {_error_text(error)}") from error
    with opened:
        yield open_handle(path, opened)


def open_handle(name: str, handle: BinaryIO) -> OpenFile:
    """Return an open file from its current position. Raises `FileReadError` for a packed format other than gzip."""
    return OpenFile(name, os.fstat(handle.fileno()).st_size, handle, _unpack(name, handle))


def standard_input() -> BinaryIO:
    """Return standard input as a binary stream. Raises `FileReadError` if it is closed."""
    if sys.stdin is None or sys.stdin.closed:
        raise FileReadError(f"{STANDARD_INPUT} is closed: name a file, or send one to it with `< FILE`")
    return sys.stdin.buffer


def _error_text(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "there is no such file"
    if isinstance(error, IsADirectoryError):
        return "this is a folder: name the files in it"
    return error.strerror or str(error)


def _unpack(name: str, raw: BinaryIO) -> IO[bytes]:
    # `peek`, which does not consume what it returns, exists on a buffered reader only.
    reader = raw if isinstance(raw, io.BufferedReader) else io.BufferedReader(cast(io.RawIOBase, raw))
    head = reader.peek(_LONGEST_HEAD)
    for magic, what, advice in _OTHER_PACKED:
        if head.startswith(magic):
            raise FileReadError(f"{name} {what}: {advice}")
    is_text = head.startswith(_TEXT_MARKS) or min(head, default=_FIRST_OF_TEXT) >= _FIRST_OF_TEXT
    if name.endswith(".gz") and not (is_text or head.startswith(_GZIP)):
        raise FileReadError(f"{name} is neither gzip, as its name says, nor text: fetch or pack it again")
    return cast(IO[bytes], gzip.open(reader) if head.startswith(_GZIP) else reader)

"""Files to import from: plain or gzip (told by their first bytes, not by their name), or standard input as `-`."""

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
"""A longer line is cut here and its rest dropped, so that a file without line ends can't fill the memory.

Importers that have a limit have a smaller one: such a line is refused by name, not read wrongly."""

_BLOCK_BYTES: Final = 64 * 1024

_GZIP = b"\x1f\x8b"
_PACKED: Final = "send what is in it, as with `{} FILE | touchline import ... -`"
_OTHER_PACKED: Final = (
    (b"BZh", "is compressed with bzip2", _PACKED.format("bzcat")),
    (b"\xfd7zXZ\0", "is compressed with xz", _PACKED.format("xzcat")),
    (b"\x28\xb5\x2f\xfd", "is compressed with zstd", _PACKED.format("zstdcat")),
    (b"\x04\x22\x4d\x18", "is compressed with lz4", _PACKED.format("lz4cat")),
    (b"PK\x03\x04", "is a workbook or a zip archive", "save the workbook's sheet as CSV UTF-8, or unpack the archive"),
)
"""How they begin, what they are, and what to do."""

_LONGEST_HEAD: Final = 6


class FileTrouble(Exception):
    """A file that cannot be read, or not to its end; one sentence that names it."""


@dataclass(slots=True)
class OpenFile:
    """An open file: iterate over its lines, once. Raises `FileTrouble` where the file cannot be read on."""

    name: str
    size_bytes: int | None  # of the file as it is on disk; None for standard input
    _raw: BinaryIO
    _text: IO[bytes]

    def __iter__(self) -> Iterator[bytes]:
        with self._readable():
            while line := self._text.readline(LONGEST_LINE_BYTES):
                yield line
                while not line.endswith(b"\n") and len(line) == LONGEST_LINE_BYTES:
                    line = self._text.readline(LONGEST_LINE_BYTES)

    def blocks(self) -> Iterator[bytes]:
        """The content in pieces of any size, once, for readers that find the ends of lines themselves. Raises
        `FileTrouble` where the file cannot be read on.
        """
        with self._readable():
            while block := self._text.read(_BLOCK_BYTES):
                yield block

    @contextmanager
    def _readable(self) -> Iterator[None]:
        try:
            yield
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise FileTrouble(f"{self.name}: the compressed file is damaged or cut short: {error}") from error
        except OSError as error:
            raise FileTrouble(f"{self.name}: cannot be read on: {error.strerror or error}") from error

    def read_bytes(self) -> int:
        """How many bytes of the file on disk have been read, for a progress bar."""
        return self._raw.tell() if self.size_bytes is not None else 0


@contextmanager
def open_file(path: str) -> Iterator[OpenFile]:
    """Opens a file, or standard input for `-`. Raises `FileTrouble`."""
    if path == "-":
        given = standard_input()
        yield OpenFile(STANDARD_INPUT, None, given, _unpacked(STANDARD_INPUT, given))
        return
    try:
        opened = open(path, "rb")  # noqa: SIM115 - closed below; only opening may fail with this sentence
    except OSError as error:
        raise FileTrouble(f"{path}: {_why(error)}") from error
    with opened:
        yield open_handle(path, opened)


def open_handle(name: str, handle: BinaryIO) -> OpenFile:
    """A file that is open already, from where it stands. Raises `FileTrouble` for what is packed and not with gzip."""
    return OpenFile(name, os.fstat(handle.fileno()).st_size, handle, _unpacked(name, handle))


def standard_input() -> BinaryIO:
    """The bytes of standard input. Raises `FileTrouble` where it is closed."""
    if sys.stdin is None or sys.stdin.closed:
        raise FileTrouble(f"{STANDARD_INPUT} is closed: name a file, or send one to it with `< FILE`")
    return sys.stdin.buffer


def _why(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "there is no such file"
    if isinstance(error, IsADirectoryError):
        return "this is a folder: name the files in it"
    return error.strerror or str(error)


def _unpacked(name: str, raw: BinaryIO) -> IO[bytes]:
    # Only a buffered reader can be looked into without taking from it.
    looked = raw if isinstance(raw, io.BufferedReader) else io.BufferedReader(cast(io.RawIOBase, raw))
    head = looked.peek(_LONGEST_HEAD)
    for begins, what, advice in _OTHER_PACKED:
        if head.startswith(begins):
            raise FileTrouble(f"{name} {what}: {advice}")
    return cast(IO[bytes], gzip.open(looked) if head.startswith(_GZIP) else looked)

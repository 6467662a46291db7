"""Values in msgpack: records of `activity` whose parts are encoded once, and rows of former layouts.

msgspec encodes whole arrays only, so a function here encodes an array and cuts its header off. Format:
https://github.com/msgpack/msgpack/blob/master/spec.md
"""

from collections.abc import Sequence
from typing import Final

import msgspec

_LONG_HEADER: Final = 3  # bytes, of arrays of 16 to 65,535 values
_ARRAY_16, _ARRAY_32 = b"\xdc", b"\xdd"  # followed by the length in two and in four bytes
_read_array: Final = msgspec.msgpack.Decoder(list[object]).decode

encode_value: Final = msgspec.msgpack.Encoder().encode


def encode_long(values: Sequence[object]) -> bytes:
    """Encode at least 16 values one after another, without a header.

    An element may be a `msgspec.Raw` that holds several values, so there can be more values than elements.
    """
    return encode_value(values)[_LONG_HEADER:]


def array_header(length: int) -> bytes:
    """Return the header of an array of 16 to 65,535 values."""
    return _ARRAY_16 + length.to_bytes(2, "big")


def read_values(data: bytes, count: int) -> list[object]:
    """Return `count` values that follow each other. Raises `msgspec.DecodeError` if the bytes are not that many."""
    try:
        return _read_array(_ARRAY_32 + count.to_bytes(4, "big") + data)
    except UnicodeDecodeError as error:  # raised by msgspec for a text that is not UTF-8
        raise msgspec.DecodeError(f"a text is not UTF-8: {error}") from error

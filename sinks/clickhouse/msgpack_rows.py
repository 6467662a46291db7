"""Rows in ClickHouse's `MsgPack` format: splits joined rows, and reads the activity record of each.

A row is the concatenation of its values without an array header, so its end is found by skipping as many values as the
table has columns. Format: https://github.com/msgpack/msgpack/blob/master/spec.md
"""

from collections.abc import Iterator
from typing import NamedTuple

import msgspec

# Values of fixed size: first byte -> (bytes after it, nested values).
_FIXED: dict[int, tuple[int, int]] = {
    **dict.fromkeys((*range(128), *range(224, 256), 192, 194, 195), (0, 0)),
    **{0x80 + n: (0, 2 * n) for n in range(16)},
    **{0x90 + n: (0, n) for n in range(16)},
    **{0xA0 + n: (n, 0) for n in range(32)},
    **dict.fromkeys((0xCC, 0xD0), (1, 0)),
    **dict.fromkeys((0xCD, 0xD1), (2, 0)),
    **dict.fromkeys((0xCA, 0xCE, 0xD2), (4, 0)),
    **dict.fromkeys((0xCB, 0xCF, 0xD3), (8, 0)),
    **{0xD4 + n: (1 + 2**n, 0) for n in range(5)},
}
# Values with a length: first byte -> (bytes of the length, bytes per unit, extra bytes, nested values per unit).
_COUNTED: dict[int, tuple[int, int, int, int]] = {
    **dict.fromkeys((0xC4, 0xD9), (1, 1, 0, 0)),
    **dict.fromkeys((0xC5, 0xDA), (2, 1, 0, 0)),
    **dict.fromkeys((0xC6, 0xDB), (4, 1, 0, 0)),
    0xC7: (1, 1, 1, 0),
    0xC8: (2, 1, 1, 0),
    0xC9: (4, 1, 1, 0),
    0xDC: (2, 0, 0, 1),
    0xDD: (4, 0, 0, 1),
    0xDE: (2, 0, 0, 2),
    0xDF: (4, 0, 0, 2),
}
_read_int = msgspec.msgpack.Decoder(int)


class Row(NamedTuple):
    """A row's bytes, and the activity record it came from."""

    data: bytes
    activity_partition: int
    activity_offset: int


def skip_value(data: bytes, at: int) -> int:
    """Return where the value that begins at `at` ends. Raises `ValueError` for an invalid or incomplete value."""
    pending = 1
    while pending:
        if at >= len(data):
            raise ValueError(f"cut short: a value is missing at byte {at}")
        kind = data[at]
        pending -= 1
        if kind in _FIXED:
            after, nested = _FIXED[kind]
            at += 1 + after
        elif kind in _COUNTED:
            width, each, plus, per_unit = _COUNTED[kind]
            count = int.from_bytes(data[at + 1 : at + 1 + width], "big")
            at += 1 + width + count * each + plus
            nested = count * per_unit
        else:
            raise ValueError(f"byte {at}: 0x{kind:02x} begins no value")
        pending += nested
    if at > len(data):
        raise ValueError(f"cut short: {at - len(data)} bytes are missing")
    return at


def split_rows(data: bytes, columns: int) -> Iterator[Row]:
    """Yield the rows of a table with `columns` columns, of which the last two are activity partition and offset.

    Raises `ValueError` if the bytes are not such rows.
    """
    at = 0
    while at < len(data):
        start = at
        for _ in range(columns - 2):
            at = skip_value(data, at)
        partition_end = skip_value(data, at)
        end = skip_value(data, partition_end)
        yield Row(data[start:end], _read_integer(data[at:partition_end]), _read_integer(data[partition_end:end]))
        at = end


def _read_integer(value: bytes) -> int:
    try:
        return _read_int.decode(value)
    except msgspec.DecodeError as error:
        raise ValueError(f"an activity coordinate is no integer: {error}") from error

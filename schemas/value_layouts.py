"""Layout numbers of stored values and messages, so that a worker reads what former versions wrote.

A value is one byte, the number of its layout, followed by a msgpack array. Values from before layouts were numbered
have no such byte; they count as layout 0. The two are told apart by the first bytes: a layout is below 0x80 and an
array header follows it, an array begins at 0x90 (https://github.com/msgpack/msgpack/blob/master/spec.md).

To change a layout: change the struct, and add to its codec's steps the function that turns an array of the former
layout into one of the new layout. Keep bytes of the former layout in `tests/layouts`, so that a test reads them.
"""

from collections.abc import Callable, Sequence
from typing import Final, Generic, TypeVar

import msgspec

T = TypeVar("T")
Step = Callable[[list[object]], list[object]]

_NUMBERED: Final = 0x80  # layouts are below
_ARRAYS: Final = frozenset((*range(0x90, 0xA0), 0xDC, 0xDD))  # first bytes of msgpack's arrays
_encode: Final = msgspec.msgpack.Encoder().encode
_read_array: Final = msgspec.msgpack.Decoder(list[object]).decode


class NewerLayoutError(Exception):
    """Data of a layout that a later version wrote. It must wait for a worker of that version, as the message says."""


def unchanged(values: list[object]) -> list[object]:
    """Return the values as they are: the step between two layouts that differ in nothing but their number."""
    return values


def split_layout(data: bytes) -> tuple[int, bytes]:
    """Return the layout of a value and its msgpack."""
    if len(data) > 1 and data[0] < _NUMBERED and data[1] in _ARRAYS:
        return data[0], data[1:]
    return 0, data


def check_layout(what: str, found: int, known: int) -> None:
    """Raise NewerLayoutError if `found` is above `known`, the newest layout that this version reads."""
    if found > known:
        raise NewerLayoutError(
            f"{what} has layout {found}, and this version of Touchline reads layouts up to {known}: "
            "update this worker to the version of those that wrote it"
        )


class Codec(Generic[T]):
    """Encodes values of one kind in the newest layout and decodes every layout.

    `steps[n]` turns an array of layout n into one of layout n + 1; `mark` is the byte in front of encoded values.
    """

    def __init__(self, what: str, decoder: msgspec.msgpack.Decoder[T], steps: Sequence[Step]) -> None:
        self._what = what
        self._read = decoder.decode
        self._steps = tuple(steps)
        self.layout = len(self._steps)
        self.mark = bytes((self.layout,))

    def encode(self, value: T) -> bytes:
        """Return the value in the newest layout."""
        return self.mark + _encode(value)

    def decode(self, data: bytes) -> T:
        """Return the value. Raises NewerLayoutError, and `msgspec.DecodeError` on what is no such value."""
        if data[:1] == self.mark:
            return self._read(data[1:])
        return self._read(self._upgrade(data))

    def _upgrade(self, data: bytes) -> bytes:
        """Return the msgpack of a former layout's value, brought to the newest layout."""
        layout, body = split_layout(data)
        check_layout(self._what, layout, self.layout)
        steps = [step for step in self._steps[layout:] if step is not unchanged]
        if not steps:
            return body
        values = _read_array(body)
        try:
            for step in steps:
                values = step(values)
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            raise msgspec.DecodeError(f"cannot be upgraded from layout {layout}: {error!r}") from error
        return _encode(values)

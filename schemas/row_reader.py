"""Reads rows of the row format (schemas.row_binary): where the values of each row are, and what they are."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import msgspec

from schemas.column import Column
from schemas.column_readers import FIXED, Skip, decoder_of, skip_of, skip_text


class EncodedRow:
    """A row whose values have been located. `data` may hold other rows, too."""

    __slots__ = ("_bounds", "_data", "_reader")

    def __init__(self, reader: "RowReader", data: bytes, bounds: list[int]) -> None:
        self._reader = reader
        self._data = data
        self._bounds = bounds

    @property
    def data(self) -> bytes:
        """The whole row."""
        return self._data[self._bounds[0] : self._bounds[-1]]

    def encoded(self, name: str) -> bytes:
        """Return the bytes of a column."""
        place = self._reader.places[name]
        return self._data[self._bounds[place] : self._bounds[place + 1]]

    def encoded_values(self) -> list[bytes]:
        """Return the bytes of each column."""
        return [self._data[start:end] for start, end in pairwise(self._bounds)]

    def replace(self, **columns: bytes) -> bytes:
        """Return the row with other bytes in some columns."""
        values = self.encoded_values()
        for name, value in columns.items():
            values[self._reader.places[name]] = value
        return b"".join(values)

    def __getitem__(self, name: str) -> Any:
        """Return the value of a column: times as integers, decimals as integers of their last place."""
        place = self._reader.places[name]
        return self._reader.decoders[place](self._data, self._bounds[place])[0]


class RowReader:
    """Reads rows that have these columns. `places` are their positions by name, `decoders` read their values."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self.columns = tuple(columns)
        self.places = {column.name: place for place, column in enumerate(columns)}
        self.decoders = [decoder_of(column.type) for column in columns]
        self._steps = [_step_of(column.type) for column in columns]

    def rows(self, data: bytes) -> Iterator[EncodedRow]:
        """Yield the rows of some bytes. Raises `msgspec.DecodeError` if the bytes are not whole rows."""
        at = 0
        while at < len(data):
            bounds = self._locate(data, at)
            yield EncodedRow(self, data, bounds)
            at = bounds[-1]

    def row(self, data: bytes) -> EncodedRow:
        """Return the only row of some bytes. Raises `msgspec.DecodeError` if there are more or fewer."""
        bounds = self._locate(data, 0)
        if bounds[-1] != len(data):
            raise msgspec.DecodeError(f"a row ends at byte {bounds[-1]} of {len(data)}")
        return EncodedRow(self, data, bounds)

    def _locate(self, data: bytes, at: int) -> list[int]:
        """Return where each value begins, and where the row ends."""
        bounds = [at]
        try:
            for step in self._steps:
                if step is None:
                    length = data[at]
                    at = at + 1 + length if length < 0x80 else skip_text(data, at)
                elif isinstance(step, int):
                    at += step
                else:
                    at = step(data, at)
                bounds.append(at)
        except IndexError:
            at = len(data) + 1
        if at > len(data):
            raise msgspec.DecodeError(f"the row that begins at byte {bounds[0]} of {len(data)} is cut short")
        return bounds


def _step_of(type_: str) -> int | Skip | None:
    """Return the fixed length of a type, or the function that finds the end of a value; None stands for texts."""
    if type_ in FIXED:
        return FIXED[type_]
    skip = skip_of(type_)
    return None if skip is skip_text else skip

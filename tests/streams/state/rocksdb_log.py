"""A changelog in memory, and the reading of its tail by a store."""

from typing import NamedTuple

from streams.state.store import StateStore, continue_from

LOG = "log"


class Record(NamedTuple):
    """The fields of a changelog record that are read."""

    offset: int
    key: bytes
    value: bytes | None
    headers: list[tuple[str, bytes]]


class Batch(list[Record]):
    """A record batch as aiokafka returns it, and the `MemoryRecords` around it."""

    is_control_batch = False

    def __init__(self, records: list[Record], end: int) -> None:
        super().__init__(records)
        self.base_offset = records[0].offset if records else end
        self.next_offset = end
        self._given = not records

    def has_next(self) -> bool:
        return not self._given

    def next_batch(self) -> "Batch":
        self._given = True
        return self


def version_of(value: bytes) -> int:
    return int(value.split(b"@")[1])


def read_tail(store: StateStore, log: list[Record], until: int | None = None) -> int:
    """Read a log from the store's position. Return the number of records read."""
    end = len(log) if until is None else until
    position, read = continue_from(store, end), 0
    while position < end:
        tail = log[position:end]
        read += len(tail)
        position = store.absorb(Batch(tail, end), position)
    store.mark(position)
    return read


def make_log(text: bytes, length: int = 3) -> list[Record]:
    return [Record(at, b"%d" % at, b"%s@%d" % (text, at), []) for at in range(length)]

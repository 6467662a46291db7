"""The highest version holds, however often and from wherever a log is read, also after compaction."""

from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from streams.state.versioned_log import VERSION_HEADER, Book, absorb_records

KEYS = [b"a", b"b", b"c"]


class Record(NamedTuple):
    """What is asked of a record of a changelog."""

    key: bytes
    value: bytes | None
    headers: list[tuple[str, bytes]]


def version_of(value: bytes) -> int:
    return int(value.split(b"@")[1])


def tombstone(key: bytes, version: int) -> Record:
    return Record(key, None, [(VERSION_HEADER, b"%d" % version)])


def value(key: bytes, text: bytes, version: int) -> Record:
    return Record(key, b"%s@%d" % (text, version), [])


VALUES = st.builds(value, st.sampled_from(KEYS), st.sampled_from([b"x", b"yy"]), st.integers(0, 9))
TOMBSTONES = st.builds(tombstone, st.sampled_from(KEYS), st.integers(0, 9))
LOGS = st.lists(VALUES | TOMBSTONES, max_size=25)


def read(log: list[Record]) -> Book:
    book = Book()
    absorb_records(book, log, version_of)
    return book


def compact(log: list[Record]) -> list[Record]:
    """What compaction leaves: the last record of each key."""
    last = {record.key: at for at, record in enumerate(log)}
    return [log[at] for at in sorted(last.values())]


@given(LOGS)
def test_the_newest_holds(log: list[Record]) -> None:
    newest: dict[bytes, tuple[int, int, bytes | None]] = {}
    for at, record in enumerate(log):
        version = version_of(record.value) if record.value else int(record.headers[0][1])
        newest[record.key] = max(newest.get(record.key, (-1, -1, None)), (version, at, record.value))
    book = read(log)
    assert book.state == {key: value for key, (_, _, value) in newest.items() if value is not None}
    assert book.size_bytes == sum(len(key) + len(held) for key, held in book.state.items())


@given(LOGS, st.data())
def test_reading_a_part_again_changes_nothing(log: list[Record], data: st.DataObject) -> None:
    once, book = read(log), Book()
    until = data.draw(st.integers(0, len(log)))
    absorb_records(book, log[:until], version_of)
    absorb_records(book, log[data.draw(st.integers(0, until)) :], version_of)
    assert (book.state, book.deleted, book.stale) == (once.state, once.deleted, once.stale)
    assert book.size_bytes == once.size_bytes


@given(LOGS)
def test_once_repaired_compaction_keeps_what_holds(log: list[Record]) -> None:
    book = read(log)
    repaired = [*log, *(Record(key, held, headers or []) for key, held, headers in book.repairs())]
    assert {record.key for record in repaired[len(log) :]} == book.stale
    after = read(compact(repaired))
    assert after.state == book.state
    assert not after.stale
    assert not read(repaired).stale


def test_without_repair_compaction_would_keep_what_a_zombie_wrote() -> None:
    log = [value(b"a", b"new", 9), value(b"a", b"old", 3)]
    assert read(log).state == {b"a": b"new@9"}
    assert read(compact(log)).state == {b"a": b"old@3"}


@given(LOGS)
def test_without_versions_the_last_holds_and_nothing_is_repaired(log: list[Record]) -> None:
    book = Book()
    absorb_records(book, log, None)
    assert book.state == {record.key: record.value for record in compact(log) if record.value is not None}
    assert not book.repairs()
    assert not book.deleted

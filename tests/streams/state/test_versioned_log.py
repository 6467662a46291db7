"""The highest version counts, however often and from whatever offset a log is read, also after compaction."""

from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from streams.state.versioned_log import VERSION_HEADER, VersionedKeys

KEYS = [b"a", b"b", b"c"]


class Record(NamedTuple):
    """The fields of a changelog record that are read."""

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


def read(log: list[Record]) -> VersionedKeys:
    keys = VersionedKeys(version_of)
    keys.absorb(log)
    return keys


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
    keys = read(log)
    assert keys.values == {key: value for key, (_, _, value) in newest.items() if value is not None}
    assert keys.size_bytes == sum(len(key) + len(held) for key, held in keys.values.items())


@given(LOGS, st.data())
def test_reading_a_part_again_changes_nothing(log: list[Record], data: st.DataObject) -> None:
    once, keys = read(log), VersionedKeys(version_of)
    until = data.draw(st.integers(0, len(log)))
    keys.absorb(log[:until])
    keys.absorb(log[data.draw(st.integers(0, until)) :])
    assert (keys.values, keys.deleted, keys.stale) == (once.values, once.deleted, once.stale)
    assert keys.size_bytes == once.size_bytes


@given(LOGS)
def test_once_repaired_compaction_keeps_what_holds(log: list[Record]) -> None:
    keys = read(log)
    repaired = [*log, *(Record(key, held, headers or []) for key, held, headers in keys.repairs())]
    assert {record.key for record in repaired[len(log) :]} == keys.stale
    after = read(compact(repaired))
    assert after.values == keys.values
    assert not after.stale
    assert not read(repaired).stale


def test_without_repair_compaction_would_keep_what_a_zombie_wrote() -> None:
    log = [value(b"a", b"new", 9), value(b"a", b"old", 3)]
    assert read(log).values == {b"a": b"new@9"}
    assert read(compact(log)).values == {b"a": b"old@3"}


@given(LOGS)
def test_without_versions_the_last_holds_and_nothing_is_repaired(log: list[Record]) -> None:
    keys = VersionedKeys()
    keys.absorb(log)
    assert keys.values == {record.key: record.value for record in compact(log) if record.value is not None}
    assert not keys.repairs()
    assert not keys.deleted

"""Dedupe state in its changelog: what is written, and that it is restored unchanged."""

from streams.engage.dedupe import ID_BYTES, Dedupe, DedupeIndex, DedupeVerdict, digest_of, ids_in
from streams.engage.dedupe_state import (
    CLOSED,
    FULL_IDS,
    WATERMARK,
    DedupeState,
    PendingChanges,
    Watermark,
    block_key,
    read_watermark,
    version_of,
)

HOUR_MS = 3_600_000
WINDOW_MS = 48 * HOUR_MS
DAY0, DAY1 = "visits/0", "visits/1"
BLOCK_OVERHEAD = 40  # most bytes of a block besides its ids

Table = dict[bytes, bytes]


def write(table: Table, pending: PendingChanges, upto: int | None = None) -> PendingChanges:
    """Write the first `upto` changes; all of them by default."""
    for key, value in list(pending.changes.items())[:upto]:
        if value is None:
            table.pop(key, None)
        else:
            table[key] = value
    return pending


def remember(table: Table, dedupe_state: DedupeState, bucket: str, names: range, hour: int) -> PendingChanges:
    """Judge a batch of ids of one bucket and write its changes, without applying them to the index."""
    dedupe = Dedupe(dedupe_state.index, WINDOW_MS)
    for name in names:
        dedupe.judge(bucket, digest_of("me", str(name)), hour * HOUR_MS)
    mark = Watermark(dedupe_state.index.watermark + max(1, len(names)), dedupe.clock_ms, 7, ("email",))
    return write(table, dedupe_state.remember_batch(dedupe, mark, table))


def content(index: DedupeIndex) -> object:
    buckets = {
        name: (bucket.count, bucket.latest_ms, sorted(digest for shard in bucket.shards for digest in ids_in(shard)))
        for name, bucket in index.buckets.items()
    }
    return index.watermark, index.clock_ms, index.count, index.closed, buckets


def test_a_new_partition_has_no_ids() -> None:
    assert read_watermark({}) is None
    assert content(DedupeState({}).index) == (-1, 0, 0, set(), {})


def test_a_restart_restores_the_same_index() -> None:
    table: Table = {}
    dedupe_state = DedupeState(table)
    for start in range(0, 1000, 90):
        remember(table, dedupe_state, DAY0, range(start, start + 100), start).apply()
        remember(table, dedupe_state, DAY1, range(start, start + 3), start).apply()
        assert content(DedupeState(table).index) == content(dedupe_state.index)
    assert dedupe_state.index.buckets[DAY0].count == 1090


def test_a_full_block_is_followed_by_a_new_one() -> None:
    table: Table = {}
    dedupe_state = DedupeState(table)
    for start in range(0, 3 * FULL_IDS, 10):
        pending = remember(table, dedupe_state, DAY0, range(start, start + 10), start)
        pending.apply()
        written = sum(len(value or b"") for value in pending.changes.values())
        assert written <= (FULL_IDS + 10) * ID_BYTES + 2 * BLOCK_OVERHEAD
    blocks = [key for key in table if key.startswith(b"b")]
    assert blocks == [block_key(DAY0, number) for number in range(3)]


def test_a_retry_does_not_rewrite_a_full_block() -> None:
    table: Table = {}
    dedupe_state = DedupeState(table)
    remember(table, dedupe_state, DAY0, range(20 * FULL_IDS), 1).apply()
    pending = remember(table, dedupe_state, DAY0, range(1), 2)
    pending.apply()
    assert sum(len(value or b"") for value in pending.changes.values()) < 3 * BLOCK_OVERHEAD
    assert DedupeState(table).index.buckets[DAY0].latest_ms == 2 * HOUR_MS


def test_the_watermark_is_written_last_with_the_settings_of_the_state() -> None:
    table: Table = {}
    pending = remember(table, DedupeState(table), DAY0, range(3), 5)
    assert list(pending.changes)[-1] == WATERMARK
    assert read_watermark(table) == Watermark(2, 5 * HOUR_MS, 7, ("email",))
    assert {version_of(value) for value in table.values()} == {2}


def test_the_index_does_not_change_before_the_changes_are_written() -> None:
    table: Table = {}
    dedupe_state = DedupeState(table)
    pending = remember(table, dedupe_state, DAY0, range(3), 5)
    assert content(dedupe_state.index) == (-1, 0, 0, set(), {})
    pending.apply()
    assert dedupe_state.index.count == 3


def test_ids_of_an_unfinished_batch_are_duplicates_when_it_is_repeated() -> None:
    table: Table = {}
    done = DedupeState(table)
    remember(table, done, DAY0, range(3), 1).apply()
    before = table[WATERMARK]
    remember(table, done, DAY0, range(3, 8), 1)
    table[WATERMARK] = before  # the worker died during the write
    again = DedupeState(table)
    assert again.index.watermark == 2
    remember(table, again, DAY0, range(3, 5), 1).apply()  # the batch is repeated in parts
    last = DedupeState(table)
    dedupe = Dedupe(last.index, WINDOW_MS)
    verdicts = [dedupe.judge(DAY0, digest_of("me", str(name)), HOUR_MS) for name in range(9)]
    assert verdicts == [DedupeVerdict.DUPLICATE] * 8 + [DedupeVerdict.NEW]
    assert last.index.count == 8


def state_with_an_idle_day() -> tuple[Table, DedupeState]:
    """Return a table and its state with two days, of which the first is idle."""
    table: Table = {}
    dedupe_state = DedupeState(table)
    for start in (0, FULL_IDS):
        remember(table, dedupe_state, DAY0, range(start, start + FULL_IDS), 0).apply()
    remember(table, dedupe_state, DAY1, range(5), 49).apply()
    return table, dedupe_state


def test_forgetting_shrinks_the_index_and_the_changelog() -> None:
    table, dedupe_state = state_with_an_idle_day()
    pending = dedupe_state.forget_idle(WINDOW_MS, table)
    assert pending is not None
    assert (
        next(iter(pending.changes)) == CLOSED
    )  # written first: until the ids are deleted none of them may be judged new
    assert [key for key, value in pending.changes.items() if value is None] == [block_key(DAY0, 0), block_key(DAY0, 1)]
    write(table, pending).apply()
    assert set(table) == {WATERMARK, CLOSED, block_key(DAY1, 0)}
    assert (set(dedupe_state.index.buckets), dedupe_state.index.count) == ({DAY1}, 5)
    assert dedupe_state.forget_idle(WINDOW_MS, table) is None
    assert content(DedupeState(table).index) == content(dedupe_state.index)


def test_an_interrupted_forgetting_is_finished_by_the_next_one() -> None:
    table, dedupe_state = state_with_an_idle_day()
    pending = dedupe_state.forget_idle(WINDOW_MS, table)
    assert pending is not None
    write(table, pending, upto=2)  # marked closed, and one of two blocks deleted
    again = DedupeState(table)
    assert DAY0 not in again.index.buckets
    rest = again.forget_idle(WINDOW_MS, table)
    assert rest is not None
    write(table, rest).apply()
    assert set(table) == {WATERMARK, CLOSED, block_key(DAY1, 0)}
    assert again.forget_idle(WINDOW_MS, table) is None


def test_a_bucket_with_an_arrival_within_the_window_is_not_forgotten() -> None:
    table: Table = {}
    dedupe_state = DedupeState(table)
    remember(table, dedupe_state, DAY0, range(5), 0).apply()
    remember(table, dedupe_state, DAY1, range(5), 48).apply()
    assert dedupe_state.forget_idle(WINDOW_MS, table) is None
    remember(table, dedupe_state, DAY0, range(1), 49).apply()  # a retry keeps the bucket open
    remember(table, dedupe_state, DAY1, range(5), 96).apply()
    assert dedupe_state.forget_idle(WINDOW_MS, table) is None

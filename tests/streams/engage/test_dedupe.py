"""Verdicts on touches: exact, within the window, and independent of how records are cut into batches."""

from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.engage.dedupe import ID_BYTES, SHARD_IDS, Bucket, Dedupe, DedupeIndex, DedupeVerdict, bucket_of, digest_of
from streams.engage.dedupe_state import DedupeState, Watermark
from tests.tables import table

HOUR_MS = 3_600_000
WINDOW_MS = 48 * HOUR_MS
NEW, DUPLICATE, BEYOND = DedupeVerdict.NEW, DedupeVerdict.DUPLICATE, DedupeVerdict.BEYOND_WINDOW
Verdict = Callable[[Dedupe, str, bytes, int], DedupeVerdict]

# two byte values only, so that matches across two ids are frequent
confusing = st.lists(st.sampled_from([0, 1]), min_size=ID_BYTES, max_size=ID_BYTES).map(bytes)
arrivals = st.lists(
    st.tuples(st.sampled_from(["visits/1", "visits/2"]), st.integers(0, 3), st.integers(0, 30)), max_size=30
)


@given(st.sets(confusing, max_size=300), st.sets(confusing, max_size=50))
def test_a_bucket_contains_exactly_the_ids_that_were_added(inside: set[bytes], asked: set[bytes]) -> None:
    bucket = Bucket()
    for digest in sorted(inside):
        bucket.add([digest])
    assert bucket.count == len(inside)
    assert {digest for digest in inside | asked if digest in bucket} == inside


def test_a_bucket_grows_one_shard_at_a_time() -> None:
    bucket = Bucket()
    digests = [digest_of("me", str(number)) for number in range(50 * SHARD_IDS)]
    for digest in digests:
        before = len(bucket.shards)
        bucket.add([digest])
        assert len(bucket.shards) - before in (0, 1)
    assert bucket.count / len(bucket.shards) == pytest.approx(SHARD_IDS, rel=0.05)
    assert max(map(len, bucket.shards)) < 4 * SHARD_IDS * ID_BYTES
    assert all(digest in bucket for digest in digests)
    assert not any(digest_of("you", str(number)) in bucket for number in range(1000))


def test_the_same_event_id_of_two_owners_has_two_digests() -> None:
    assert digest_of("me", "1") != digest_of("you", "1")
    assert len(digest_of("me", "1")) == ID_BYTES


@pytest.mark.parametrize(
    ("at_ms", "bucket"),
    [(0, "visits/0"), (24 * HOUR_MS - 1, "visits/0"), (24 * HOUR_MS, "visits/1"), (-1, "visits/-1")],
)
def test_a_bucket_holds_one_channel_and_utc_day(at_ms: int, bucket: str) -> None:
    assert bucket_of("visits", at_ms) == bucket


@table(
    ("arrivals_h", "verdicts"),
    [
        ([("a", 0), ("a", 1)], [NEW, DUPLICATE]),
        ([("a", 0), ("b", 1)], [NEW, NEW]),
        ([("a", 0), ("a", 500)], [NEW, DUPLICATE]),  # no arrival in between advanced the clock
        ([("a", 0), ("-", 48), ("a", 48)], [NEW, NEW, DUPLICATE]),
        ([("a", 0), ("-", 49), ("a", 49)], [NEW, NEW, BEYOND]),
        ([("a", 0), ("-", 49), ("b", 49)], [NEW, NEW, BEYOND]),  # it may be a retry of a forgotten touch
        (
            [("a", 0), ("a", 40), ("-", 80), ("a", 81)],
            [NEW, DUPLICATE, NEW, DUPLICATE],
        ),  # a retry keeps the bucket open
        ([("-", 100), ("a", 0), ("a", 0)], [NEW, NEW, DUPLICATE]),  # it arrives late, but its bucket is new
        ([("a", 0), ("-", 49), ("a", 49), ("a", 50)], [NEW, NEW, BEYOND, BEYOND]),  # a closed bucket stays closed
    ],
)
@table("cut", [1, 2, 100])
def test_verdicts_within_and_beyond_the_window(
    arrivals_h: list[tuple[str, int]], verdicts: list[DedupeVerdict], cut: int
) -> None:
    touches = [("visits/0" if name != "-" else "visits/9", name.encode(), hour) for name, hour in arrivals_h]
    assert judge(touches, [cut] * len(touches)) == verdicts


def judge(
    touches: list[tuple[str, bytes, int]], cuts: list[int], verdict_of: Verdict = Dedupe.judge
) -> list[DedupeVerdict]:
    """Return the verdicts on (bucket, digest, hour of arrival), in batches of these sizes, with restarts in between."""
    table: dict[bytes, bytes] = {}
    dedupe_state, found, offset = DedupeState(table), list[DedupeVerdict](), 0
    while touches:
        size = cuts[len(found) % len(cuts)] if cuts else 1
        batch, touches = touches[:size], touches[size:]
        forgetting = dedupe_state.forget_idle(WINDOW_MS, table)
        if forgetting:
            write(table, forgetting.changes)
            forgetting.apply()
        dedupe = Dedupe(dedupe_state.index, WINDOW_MS)
        for bucket, digest, hour in batch:
            found.append(verdict_of(dedupe, bucket, digest.ljust(ID_BYTES), hour * HOUR_MS))
        offset += len(batch)
        pending = dedupe_state.remember_batch(dedupe, Watermark(offset, dedupe.clock_ms, 1, ()), table)
        write(table, pending.changes)
        pending.apply()
        if offset % 2:
            dedupe_state = DedupeState(table)
    return found


def write(table: dict[bytes, bytes], changes: dict[bytes, bytes | None]) -> None:
    for key, value in changes.items():
        if value is None:
            table.pop(key, None)
        else:
            table[key] = value


@given(arrivals, st.lists(st.integers(1, 5), min_size=1))
def test_verdicts_do_not_depend_on_how_records_are_cut_into_batches(
    given_: list[tuple[str, int, int]], cuts: list[int]
) -> None:
    touches = [(bucket, b"%d" % number, 8 * hour) for bucket, number, hour in given_]
    assert judge(touches, cuts) == judge(touches, [1])


@given(arrivals)
def test_an_id_is_new_once_and_a_closed_bucket_stays_closed(given_: list[tuple[str, int, int]]) -> None:
    touches = [(bucket, b"%d" % number, 8 * hour) for bucket, number, hour in given_]
    verdicts = judge(touches, [3])
    new = [touch[:2] for touch, verdict in zip(touches, verdicts, strict=True) if verdict is NEW]
    assert len(new) == len(set(new))
    for bucket in {touch[0] for touch in touches}:
        mine = [verdict for touch, verdict in zip(touches, verdicts, strict=True) if touch[0] == bucket]
        assert not any(one is BEYOND and two is not BEYOND for one, two in pairwise(mine))


any_day_arrivals = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 2), st.integers(0, 30)), max_size=30
)  # (day, id, eights of an hour)


def judge_any_day(touches: list[tuple[str, bytes, int]], cuts: list[int]) -> list[DedupeVerdict]:
    """Return the verdicts where copies may name different days."""
    return judge(touches, cuts, Dedupe.judge_any_day)


def named(given_: list[tuple[int, int, int]], hours: int) -> list[tuple[str, bytes, int]]:
    return [(f"visits/{day}", b"%d" % number, hours * hour) for day, number, hour in given_]


@table(
    ("arrivals_h", "verdicts"),
    [
        ([(0, "a", 0), (5, "a", 1)], [NEW, DUPLICATE]),
        ([(5, "a", 0), (0, "a", 1), (0, "b", 1), (5, "b", 2)], [NEW, DUPLICATE, NEW, DUPLICATE]),
        ([(0, "a", 0), (1, "a", 40), (9, "-", 80), (1, "a", 81)], [NEW, DUPLICATE, NEW, DUPLICATE]),
        ([(0, "a", 0), (1, "a", 40), (9, "-", 80), (2, "a", 81)], [NEW, DUPLICATE, NEW, DUPLICATE]),
        ([(0, "a", 0), (9, "-", 49), (0, "a", 49)], [NEW, NEW, BEYOND]),  # its day is closed
        ([(0, "a", 0), (1, "a", 1), (9, "-", 50), (1, "a", 51)], [NEW, DUPLICATE, NEW, BEYOND]),
        ([(0, "a", 0), (9, "-", 49), (1, "a", 49)], [NEW, NEW, NEW]),  # the limit: another day, after the window
        ([(0, "a", 0), (9, "-", 40), (0, "b", 41), (1, "a", 60)], [NEW, NEW, NEW, DUPLICATE]),
    ],
)
@table("cut", [1, 2, 100])
def test_verdicts_on_copies_that_name_different_days(
    arrivals_h: list[tuple[int, str, int]], verdicts: list[DedupeVerdict], cut: int
) -> None:
    touches = [(f"visits/{day}", name.encode(), hour) for day, name, hour in arrivals_h]
    assert judge_any_day(touches, [cut] * len(touches)) == verdicts


@given(any_day_arrivals, st.lists(st.integers(1, 5), min_size=1))
def test_verdicts_on_any_day_do_not_depend_on_how_records_are_cut(
    given_: list[tuple[int, int, int]], cuts: list[int]
) -> None:
    assert judge_any_day(named(given_, 8), cuts) == judge_any_day(named(given_, 8), [1])


@given(any_day_arrivals)
def test_an_id_counts_once_on_any_day_within_the_window(given_: list[tuple[int, int, int]]) -> None:
    touches = named(given_, 1)  # all within 30 hours
    verdicts = judge_any_day(touches, [3])
    new = [touch[1] for touch, verdict in zip(touches, verdicts, strict=True) if verdict is NEW]
    assert sorted(new) == sorted({touch[1] for touch in touches})
    assert verdicts.count(DUPLICATE) == len(touches) - len(new)


@given(any_day_arrivals)
def test_an_id_counts_once_for_each_day_that_its_copies_name_whenever_they_arrive(
    given_: list[tuple[int, int, int]],
) -> None:
    touches = named(given_, 8)
    verdicts = judge_any_day(touches, [3])
    new = [touch[:2] for touch, verdict in zip(touches, verdicts, strict=True) if verdict is NEW]
    assert len(new) == len(set(new))


def test_another_channel_has_ids_of_its_own() -> None:
    assert judge_any_day([("visits/1", b"a", 0), ("calls/1", b"a", 0)], [1]) == [NEW, NEW]


def test_a_batch_does_not_change_the_index() -> None:
    index = DedupeIndex()
    index.add("visits/0", [digest_of("me", "1")], 5)
    dedupe = Dedupe(index, WINDOW_MS)
    assert dedupe.judge("visits/0", digest_of("me", "2"), 7) is NEW
    assert (index.count, index.clock_ms, index.buckets["visits/0"].latest_ms) == (1, 0, 5)

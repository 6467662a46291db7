"""Which revision of a touch counts, and the rows of one that replaces another."""

from random import Random

import pytest
from msgspec import structs

from schemas.columns import EVENT_HEAD
from schemas.touch import Touch
from streams.engage.revisions import (
    FORMER,
    REVISION,
    RevisionVerdict,
    former_row,
    replace_former,
    revisable_of,
    revision_row,
)
from streams.engage.rows import encode_identifier
from streams.intake.event_row import encode_head
from streams.profile.local_state import LocalState
from streams.profile.revisable_touches import find_revisable, fold_revisable
from tests.schemas.column_types import read_row
from tests.streams.engage.stage_scenarios import GAP_MS, START_MS, make_touch
from tests.streams.engage.test_rows import read
from tests.streams.touches import DAY_MS, HALF_LIFE_MS

OWNER = encode_identifier("main|phone:1")


def call(revision: int | None, **fields: object) -> Touch:
    return make_touch("call", START_MS, ("phone:1",), channel="calls", revision=revision, **fields)


def local_with(touch: Touch) -> LocalState:
    local = LocalState()
    fold_revisable(local, revisable_of(touch, HALF_LIFE_MS), HALF_LIFE_MS, 35, GAP_MS)
    return local


@pytest.mark.parametrize(
    ("first", "second", "verdict"),
    [
        (0, 1, RevisionVerdict.REVISED),
        (1, 2**53 - 1, RevisionVerdict.REVISED),
        (4, 3, RevisionVerdict.OUTDATED),
        (3, 3, RevisionVerdict.DUPLICATE),
    ],
)
def test_the_higher_revision_counts(first: int, second: int, verdict: RevisionVerdict) -> None:
    local = local_with(call(first))
    result = replace_former(local, call(second), HALF_LIFE_MS, GAP_MS)
    assert result.verdict is verdict
    assert (result.former is not None) is (verdict is RevisionVerdict.REVISED)
    kept = find_revisable(local, "calls", START_MS // DAY_MS, "call")
    assert kept is not None
    assert kept.revision == max(first, second)


def test_of_equal_revisions_the_same_counts_in_any_order() -> None:
    one, two = call(1, weight=1.0), call(1, weight=2.0)
    kept = []
    for first, second in ((one, two), (two, one)):
        local = local_with(first)
        replace_former(local, second, HALF_LIFE_MS, GAP_MS)
        kept.append(find_revisable(local, "calls", START_MS // DAY_MS, "call"))
    assert kept[0] == kept[1] is not None


def test_a_copy_that_arrived_elsewhere_and_later_is_equal() -> None:
    columns = {"event_id": "call", "type": "answered", "occurred_at": START_MS}
    arrivals = [
        {"received_at": 5, "raw_topic": "calls", "raw_partition": 0, "raw_offset": 1},
        {"received_at": 9, "raw_topic": "x-calls", "raw_partition": 3, "raw_offset": 8},
    ]
    one, other = (
        revisable_of(
            structs.replace(call(1), head=encode_head(columns | arrival), raw=str(arrival), received_at_ms=number),
            HALF_LIFE_MS,
        )
        for number, arrival in enumerate(arrivals)
    )
    assert one.digest == other.digest


@pytest.mark.parametrize("name", ["type", "weight", "cap_value", "page", "source", "traits", "bot"])
def test_other_content_has_another_digest(name: str) -> None:
    values = {
        "type": "missed", "weight": 9.0, "cap_value": "x", "page": "a/b", "source": "s", "traits": {"a": "b"},
        "bot": True,
    }  # fmt: skip
    assert revisable_of(call(1), 1).digest != revisable_of(call(1, **{name: values[name]}), 1).digest


def test_a_touch_that_is_not_kept_cannot_be_revised() -> None:
    local = LocalState()
    assert replace_former(local, call(1), HALF_LIFE_MS, GAP_MS) == (RevisionVerdict.LATE, None, call(1))
    assert local == LocalState()


def test_the_rows_of_a_revision() -> None:
    columns = {"lead_source": "ad", "referrer_class": "mail", "device": "mobile", "country": "DE", "url": "x"}
    head = {"tenant": "main", "event_id": "call", "channel": "calls", "type": "missed", "occurred_at": START_MS}
    first = structs.replace(call(0, type="missed", weight=3.0), head=encode_head(head | columns))
    second = call(1, type="answered", weight=5.0)
    local = local_with(first)
    result = replace_former(local, second, HALF_LIFE_MS, GAP_MS)
    assert result.former is not None
    row = read("events", former_row("main", result.former, OWNER, 3, 99))
    expected = {**head, **columns, "url": "", "bot": False, "weight": 3.0, "folded_into": "phone:1", "change": FORMER}
    assert {name: row[name] for name in expected} == expected
    assert (row["activity_partition"], row["activity_offset"]) == (3, 99)
    row = read("events", revision_row(result.touch, OWNER, 3, 99))
    assert (row["type"], row["weight"], row["change"], row["activity_offset"]) == ("answered", 5.0, REVISION, 99)


def test_a_revision_has_the_time_of_its_touch() -> None:
    local = local_with(call(0))
    other = make_touch("call", START_MS + 7, ("phone:1",), channel="calls", revision=1, type="answered")
    touch = replace_former(local, other, HALF_LIFE_MS, GAP_MS).touch
    assert touch.occurred_at_ms == START_MS
    head = read_row(touch.head, EVENT_HEAD)
    assert (head["occurred_at"], head["type"]) == (START_MS, "answered")
    kept = find_revisable(local, "calls", START_MS // DAY_MS, "call")
    assert kept is not None
    assert kept.touch.occurred_at_ms == START_MS


def test_any_sequence_of_revisions_ends_with_the_highest() -> None:
    chance = Random(1)
    for _ in range(50):
        numbers = [chance.randrange(20) for _ in range(8)]
        local = local_with(call(numbers[0]))
        for number in numbers[1:]:
            replace_former(local, call(number), HALF_LIFE_MS, GAP_MS)
        kept = find_revisable(local, "calls", START_MS // DAY_MS, "call")
        assert kept is not None
        assert kept.revision == max(numbers)

"""The oracle's choice among revisions."""

from itertools import permutations

from schemas.touch import Touch
from tests.oracle.revisions import newest
from tests.streams.engage.stage_scenarios import START_MS, make_touch


def _of(event_id: str, revision: int | None, **fields: object) -> Touch:
    return make_touch(event_id, START_MS, ("email:a",), revision=revision, **fields)


def test_the_highest_revision_of_each_id_counts_in_any_order() -> None:
    ringing, answered, other = _of("call", 0), _of("call", 7, weight=4.0), _of("other", 3)
    for order in permutations([ringing, answered, other, ringing]):
        assert {touch.event_id: touch for touch in newest(order)} == {"call": answered, "other": other}


def test_equal_revisions_are_ordered_by_their_content() -> None:
    one, two = _of("call", 1, weight=1.0), _of("call", 1, weight=2.0)
    (counted,) = newest([one, two])
    assert newest([two, one]) == [counted]


def test_ids_of_other_days_channels_and_owners_are_other_touches() -> None:
    touch = _of("call", 0)
    others = [
        _of("call", 1, channel="emails"),
        _of("call", 1, source_at_ms=START_MS + 86_400_000),
        make_touch("call", START_MS, ("email:b",), revision=1),
    ]
    assert len(newest([touch, *others])) == 4

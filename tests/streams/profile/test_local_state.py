"""Local state: empty, a single touch, or an aggregate."""

from hypothesis import given

from schemas.touch import Touch
from streams.profile.local_state import Aggregate, LocalState, aggregate_of, runs_on
from streams.profile.single_touch import SingleTouch
from streams.profile.touch_fold import total
from tests.streams.profile.folding import encode, fold
from tests.streams.touches import DAY_MS, GAP_MS, START_MS, touch, touches

DAY = START_MS // DAY_MS


def test_one_touch_is_stored_verbatim_and_a_second_makes_an_aggregate() -> None:
    assert LocalState().content is None
    one, _ = fold([touch(START_MS, "a")])
    assert isinstance(one.content, SingleTouch)
    assert one.content.event_id == "a"
    two, _ = fold([touch(START_MS, "a"), touch(START_MS + 1, "b")])
    assert isinstance(two.content, Aggregate)


@given(touches(most=1).filter(bool))
def test_an_aggregate_of_one_touch_has_the_same_total_and_runs(some: list[Touch]) -> None:
    one, _ = fold(some)
    assert isinstance(one.content, SingleTouch)
    aggregate = LocalState(aggregate_of(one.content))
    assert encode(total(aggregate)) == encode(total(one))
    assert [encode(run) for run in runs_on(aggregate, some[0].occurred_at_ms // DAY_MS)] == [
        encode(run) for run in runs_on(one, some[0].occurred_at_ms // DAY_MS)
    ]


def test_runs_on_a_day() -> None:
    one, _ = fold([touch(START_MS, "a", page="p")])
    assert [(run.entry_id, run.touches, run.page) for run in runs_on(one, DAY)] == [("a", 1, "p")]
    two, _ = fold([touch(START_MS, "a"), touch(START_MS + GAP_MS + 1, "b"), touch(START_MS + DAY_MS, "c")])
    assert [run.entry_id for run in runs_on(two, DAY)] == ["a", "b"]
    assert [run.entry_id for run in runs_on(two, DAY + 1)] == ["c"]
    assert runs_on(two, DAY + 2) == runs_on(one, DAY + 1) == runs_on(LocalState(), DAY) == []


def test_a_touch_of_a_bot_is_in_no_run() -> None:
    bots, _ = fold([touch(START_MS, "a", bot=True)])
    assert runs_on(bots, DAY) == []

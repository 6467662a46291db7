"""Capped touches: the earliest of a day count, in any order of arrival, and in SQL."""

import json
from random import Random

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from schemas.touch import Touch
from streams.profile.caps import Admission, CapLists, admit, counted, entries_of
from streams.rules.sql import quote
from tests.embedded_clickhouse import query
from tests.scale import scaled
from tests.streams.touches import DAY_MS, counting, order, touches

entries = st.lists(
    st.tuples(st.integers(0, 5), st.sampled_from(["", "a", "é", "\uffff", "😀"]), st.booleans()), unique=True
)


def put(lists: CapLists, cap: int, at_ms: int, event_id: str, weight: float = 1.0) -> Admission:
    return admit(lists, "visits", cap, "r", weight, at_ms, event_id)


def kept_in(lists: CapLists) -> list[tuple[int, str]]:
    return [entry[:2] for kept in lists.values() for entry in entries_of(kept)]


def test_a_touch_is_added_replaces_a_later_one_or_is_refused() -> None:
    lists: CapLists = {}
    assert put(lists, 2, 10, "a") is Admission.ADDED
    assert put(lists, 2, 20, "a") is Admission.ADDED
    assert put(lists, 2, 30, "a") is Admission.REFUSED
    assert put(lists, 2, 20, "b") is Admission.REFUSED
    assert put(lists, 2, 5, "b", -2.5) is Admission.REPLACED
    assert list(counted(lists)) == [("visits", 5, -2.5), ("visits", 10, 1.0)]


def test_each_channel_cap_and_value_has_its_own_list() -> None:
    lists: CapLists = {}
    for channel, cap, value in [("visits", 2, "r"), ("calls", 1, "r"), ("visits", 1, "r"), ("visits", 1, "r\x1fx")]:
        for place in (*[Admission.ADDED] * cap, Admission.REFUSED):
            assert admit(lists, channel, cap, value, 1.0, 5, str(len(list(counted(lists))))) is place
    assert len(list(counted(lists))) == 5


@given(entries, st.integers(1, 6), st.randoms(use_true_random=False))
def test_the_earliest_touches_are_kept_in_any_order(
    some: list[tuple[int, str, bool]], cap: int, chance: Random
) -> None:
    earliest = sorted(some, key=lambda one: (one[0], one[1].encode(), one[2]))
    shuffled = list(some)
    chance.shuffle(shuffled)
    lists: CapLists = {}
    for at_ms, event_id, late in shuffled:
        place = put(lists, cap, at_ms, event_id + str(int(late)))
        assert (place is Admission.REFUSED) == ((at_ms, event_id + str(int(late))) not in kept_in(lists))
    kept = kept_in(lists)
    assert kept == [(at_ms, event_id + str(int(late))) for at_ms, event_id, late in earliest[:cap]]


@settings(max_examples=scaled(15), deadline=None, phases=[Phase.generate])
@given(touches(2, 200).filter(lambda some: len(some) > 5))
def test_sql_counts_the_same_touches(some: list[Touch]) -> None:
    """Compare with the window function of the audit, for the touches of one identifier."""
    rows = ", ".join(
        f"({quote(each.event_id)}, {quote(each.channel)}, {each.occurred_at_ms}, {each.cap}, {quote(each.cap_value)})"
        for each in some
        if not each.bot
    )
    answer = query(
        f"""
        SELECT event_id FROM (
            SELECT event_id, cap, row_number() OVER (
                PARTITION BY channel, cap, cap_value, intDiv(t, {DAY_MS}) ORDER BY t, event_id
            ) AS place
            FROM values('event_id String, channel String, t Int64, cap UInt32, cap_value String', {rows})
        ) WHERE cap = 0 OR place <= cap
        """,
        "JSONCompactEachRow",
    )
    by_sql = {json.loads(line)[0] for line in str(answer).split("\n") if line}
    assert by_sql == {each.event_id for each in counting(some)}
    days: dict[int, CapLists] = {}
    for each in sorted(some, key=order, reverse=True):
        if each.cap and not each.bot:
            lists = days.setdefault(each.occurred_at_ms // DAY_MS, {})
            admit(lists, each.channel, each.cap, each.cap_value, 1.0, each.occurred_at_ms % DAY_MS, each.event_id)
    kept = {event_id for lists in days.values() for _, event_id in kept_in(lists)}
    assert kept == {each.event_id for each in counting(some) if each.cap}

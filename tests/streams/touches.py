"""Touches for tests, and the expected summary of a set of them, computed from the whole set."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import reduce

import pytest
from hypothesis import strategies as st

from schemas.row_layouts import EVENTS_LAYOUT
from schemas.time import DAY_MS
from schemas.touch import Touch
from streams.profile.score import NOTHING, Component, add, contribution
from streams.profile.summary import Source, Summary
from streams.profile.traits import TouchTraits

HALF_LIFE_MS = 7 * DAY_MS
GAP_MS = 1_800_000
START_MS = 20_000 * DAY_MS  # in 2024
ID_ENDS = ("", "a", "Z", "é", "\uffff", "😀")  # UTF-16 would order the last two differently

CAPS = {"free": (0, ""), "one": (1, "one\x1fm1"), "other": (1, "one\x1fm2"), "two": (2, "two"), "three": (3, "two")}


def touch(t_ms: int, event_id: str = "e", **fields: object) -> Touch:
    """Return a touch with a time and an id, and default values otherwise."""
    given: dict[str, object] = {
        "tenant": "main",
        "event_id": event_id,
        "channel": "visits",
        "type": "page",
        "source_at_ms": t_ms,
        "occurred_at_ms": t_ms,
        "received_at_ms": t_ms,
        "ids": ("main|email:a@example.org",),
        "bot": False,
        "rule": "free",
        "weight": 1.0,
        "cap": 0,
        "cap_value": "",
        "page": "",
        "source": "",
        "medium": "",
        "campaign": "",
        "traits": {},
        "raw": "visits/0/1",
        "rules_version": "v1",
        "head": b"",
        "layout": EVENTS_LAYOUT,
        "revision": None,
    }
    return Touch(**(given | fields))  # type: ignore[arg-type]


@st.composite
def _touches(draw: st.DrawFn, days: int, most: int) -> list[Touch]:
    # few times a day, some exactly one session gap apart, so that collisions are frequent
    moment = st.integers(0, days - 1).flatmap(
        lambda day: st.sampled_from(
            [0, 1, GAP_MS, GAP_MS + 1, 2 * GAP_MS + 1, DAY_MS // 2, DAY_MS - GAP_MS, DAY_MS - 1]
        ).map(lambda ms: START_MS + day * DAY_MS + ms)
    )
    times = draw(st.lists(moment, max_size=most))
    return [_touch(draw, t_ms, number) for number, t_ms in enumerate(times)]


def _touch(draw: st.DrawFn, t_ms: int, number: int) -> Touch:
    rule = draw(st.sampled_from(sorted(CAPS)))
    cap, cap_value = CAPS[rule]
    # the ids of one time are in another order than the list
    return touch(
        t_ms,
        f"{draw(st.sampled_from(ID_ENDS))}{number}",
        channel=draw(st.sampled_from(["visits", "emails"])),
        bot=draw(st.integers(0, 9)) == 0,
        rule=rule,
        weight=draw(st.sampled_from([1.0, 2.5, -3.0, 0.0])),
        cap=cap,
        cap_value=cap_value,
        page=draw(st.sampled_from(["", "example.org/a", "example.org/b"])),
        source=draw(st.sampled_from(["", "", "google", "bing"])),
        medium=draw(st.sampled_from(["", "cpc"])),
        traits=draw(st.dictionaries(st.sampled_from(["name", "$country"]), st.sampled_from("xyz"), max_size=2)),
        rules_version=draw(st.sampled_from(["v1", "v2"])),
    )


def touches(days: int = 4, most: int = 30) -> st.SearchStrategy[list[Touch]]:
    """Return a strategy for up to `most` touches within `days` days, with distinct ids."""
    return _touches(days, most)


def counting(some: Iterable[Touch]) -> list[Touch]:
    """Return the touches whose weight counts: without bots, and of a capped rule the earliest of each day."""
    lists: dict[tuple[object, ...], list[Touch]] = defaultdict(list)
    counted = []
    for each in some:
        if not each.bot and not each.cap:
            counted.append(each)
        elif not each.bot:
            key = (each.channel, each.cap, each.cap_value, each.occurred_at_ms // DAY_MS)
            lists[key].append(each)
    for (_, cap, *_), same_list in lists.items():
        assert isinstance(cap, int)
        counted += sorted(same_list, key=order)[:cap]
    return counted


def order(each: Touch) -> tuple[int, bytes]:
    """Return the sort key: time, then the bytes of the event id."""
    return each.occurred_at_ms, each.event_id.encode()


def summary_of(some: Sequence[Touch]) -> Summary:
    """Return the summary of one identifier with these touches."""
    whole = Summary(identifiers=1)
    if not some:
        return whole
    for each in some:
        whole.touches[each.channel] = whole.touches.get(each.channel, 0) + 1
    whole.bots = sum(each.bot for each in some)
    times = [each.occurred_at_ms for each in some]
    whole.first_seen_ms, whole.last_seen_ms = min(times), max(times)
    whole.rules_version = max((each.occurred_at_ms, each.rules_version) for each in some)[1]
    whole.pos, whole.neg = _components(some, 1), _components(some, -1)
    people = sorted((each for each in some if not each.bot), key=order)
    sources = [
        Source(each.occurred_at_ms, each.event_id, each.source, each.medium, each.campaign, each.page)
        for each in people
        if each.source
    ]
    if sources:
        whole.first, whole.last = sources[0], sources[-1] if len(sources) > 1 else None
    newest = {name: each for each in people for name in each.traits}
    whole.traits = [
        TouchTraits(
            each.occurred_at_ms,
            each.event_id,
            {name: each.traits[name] for name in sorted(newest) if newest[name] is each},
        )
        for each in people
        if any(each is one for one in newest.values())
    ]
    return whole


def _components(some: Iterable[Touch], sign: int) -> dict[str, Component]:
    parts: dict[str, list[Component]] = defaultdict(list)
    for each in counting(some):
        if each.weight * sign > 0:
            parts[each.channel].append(contribution(each.weight, each.occurred_at_ms, HALF_LIFE_MS))
    return {channel: reduce(add, of_channel, NOTHING) for channel, of_channel in sorted(parts.items())}


def assert_same(found: Summary, expected: Summary) -> None:
    """Raise AssertionError unless the summaries are equal, scores up to rounding."""
    for side in ("pos", "neg"):
        theirs, ours = getattr(found, side), getattr(expected, side)
        assert list(theirs) == list(ours)
        for channel, component in theirs.items():
            assert component.e == ours[channel].e
            assert component.m == pytest.approx(ours[channel].m, rel=1e-12)
    blank: dict[str, Component] = {}
    assert _without_scores(found, blank) == _without_scores(expected, blank)


def _without_scores(summary: Summary, blank: dict[str, Component]) -> Summary:
    values = {name: getattr(summary, name) for name in summary.__struct_fields__}
    return Summary(**(values | {"pos": blank, "neg": blank}))

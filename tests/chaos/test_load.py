"""The load is the same for a seed, contains every kind of record, and keeps its documented limits."""

from collections import Counter

import pytest

from schemas.identity_messages import Claim, Unlink
from schemas.pings import Ping
from schemas.rejected import Reason
from tests.chaos.load import SCENARIOS, Load
from tests.chaos.load_meaning import Facts, Refused
from tests.chaos.pipeline import DAY
from tests.journeys.crowd import CHANNELS, DAY_MS
from touchline.settings import Settings

LOAD = Load(1, 2_500, day_ms=DAY)
FACTS = [item.meaning for item in LOAD.items if isinstance(item.meaning, Facts)]


def test_same_seed_gives_same_bytes() -> None:
    again = Load(1, 2_500, day_ms=DAY)
    assert [item.raw for item in again.items] == [item.raw for item in LOAD.items]
    assert [item.raw for item in Load(2, 2_500, day_ms=DAY).items] != [item.raw for item in LOAD.items]


def test_another_day_shifts_the_load_by_whole_days() -> None:
    later = [item.meaning for item in Load(1, 2_500, day_ms=DAY + DAY_MS).items if isinstance(item.meaning, Facts)]
    assert [(one.event_id, one.ids, one.stated_ms - DAY_MS) for one in later] == [
        (one.event_id, one.ids, one.stated_ms) for one in FACTS
    ]


def test_only_a_midnight_is_accepted_as_day() -> None:
    with pytest.raises(ValueError, match="not a UTC midnight"):
        Load(1, 10, day_ms=DAY + 1)


def test_load_contains_every_kind_of_record() -> None:
    assert {one.channel for one in FACTS} == set(CHANNELS)
    assert {one.tenant for one in FACTS} == {"main", "acme"}
    assert {True, False} == {one.bot for one in FACTS} == {one.junk for one in FACTS}
    assert any(one.natural for one in FACTS)
    assert any(not one.natural and not one.event_id for one in FACTS)
    assert any(one.sent_at_ms is not None for one in FACTS)
    assert {item.raw.received_at_ms is None for item in LOAD.items} == {True, False}
    pings = [item.meaning for item in LOAD.items if isinstance(item.meaning, Ping)]
    assert {one.page_id for one in pings} == {one.columns["page_id"] for one in FACTS if one.columns.get("page_id")}
    assert any(not one.to for one in pings)
    assert {one.ids[0].partition(":")[0] for one in FACTS if one.ids} >= {"customer_id", "crm", "email", "anonymous_id"}
    assert any(not one.ids for one in FACTS)
    commands = [type(item.meaning) for item in LOAD.items if isinstance(item.meaning, Claim | Unlink)]
    assert set(commands) == {Claim, Unlink}
    reasons = {item.meaning.reason for item in LOAD.items if isinstance(item.meaning, Refused)}
    ours = {Reason.UNMAPPABLE, Reason.FAULT, Reason.UNREADABLE, Reason.REFUSED_BY_STORE}  # never caused by a sender
    assert reasons == {reason.value for reason in set(Reason) - ours}


def test_touches_are_repeated_by_the_same_and_by_another_producer() -> None:
    places: dict[tuple[str, bytes], list[int]] = {}
    for item in LOAD.items:
        if isinstance(item.meaning, Facts):
            places.setdefault((item.raw.channel, item.raw.value), []).append(item.raw.partition)
    again = [found for found in places.values() if len(found) > 1]
    assert any(len(set(found)) == 1 for found in again)
    assert any(len(set(found)) == 2 for found in again)


def test_load_recognises_its_own_records() -> None:
    load = Load(3, 100, day_ms=DAY)
    for item in load.items:
        found = load.items[load.recognise(item.raw.channel, item.raw.value)]
        assert (found.raw.value, found.meaning) == (item.raw.value, item.meaning)
    with pytest.raises(KeyError):
        load.recognise("visits", b"unknown")


def test_replay_is_in_the_order_of_landing() -> None:
    load = Load(3, 100, day_ms=DAY)
    visits = [index for index, item in enumerate(load.items) if item.raw.channel == "visits"][:10]
    for offset, index in enumerate([*visits, visits[0]]):
        load.landed(index, "x-visits", load.items[index].raw.partition, offset, DAY)
    assert load.replay("visits") == [*visits, visits[0]]
    assert load.replay("calls") == []
    assert [sent.offset for sent in load.sent()] == list(range(11))


@pytest.mark.parametrize("name", sorted(SCENARIOS))
def test_scenarios_match_their_names(name: str) -> None:
    load = Load.scenario(name, 5, day_ms=DAY, touches=400)
    raws = Counter((item.raw.channel, item.raw.partition) for item in load.items)
    sizes = [len(item.raw.value) for item in load.items]
    noisy = [item for item in load.items if item.noisy]
    checks = {
        "steady": not noisy and len(load.paces) == 1,
        "burst": max(pace.times for pace in load.paces) == 20,
        "whale": Counter(item.meaning.ids[0] for item in noisy if isinstance(item.meaning, Facts))
        == {"customer_id:whale": 400},
        "hot_partition": {item.raw.partition for item in noisy} == {0} and len(noisy) == 200,
        "large_messages": sum(size >= 1_000_000 for size in sizes) == 30,
        "all_invalid": all(isinstance(item.meaning, Refused) for item in load.items) and len(load) == 400,
        "many_links": sum(isinstance(i.meaning, Facts) and "email:all@crowd.example" in i.meaning.ids for i in noisy)
        == 400,
    }
    assert checks[name]
    assert max(sizes) < 1_048_000 - 1_000, "a broker would refuse it"
    assert set(raws) <= {(channel, p) for channel in (*CHANNELS, "activity") for p in range(4)}
    assert Settings().largest_kb * 1024 > 250_000 + 1_000

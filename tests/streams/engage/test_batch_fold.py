"""Fold of a batch: independent of the order of arrival, and the effects of each kind of record."""

from collections.abc import Mapping, Sequence
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import msgpack, structs

from schemas.identity_messages import Claim, Link, Sum, Unlink
from schemas.pings import Ping
from schemas.touch import Touch
from streams.engage.dedupe import DedupeIndex, bucket_of, digest_of
from streams.profile.identifier_state import encode_total, total_of
from streams.profile.local_state import LocalState
from streams.profile.summary import Summary
from tests.streams.engage.folding import CRM, EMAIL, fold, roots_of, rows, states
from tests.streams.engage.stage_checks import check
from tests.streams.engage.stage_scenarios import DAY_MS, SET_MODES, START_MS, Fed, make_touch, scenario
from tests.streams.engage.stage_world import World
from tests.streams.profile_messages import profile_message
from tests.streams.touches import assert_same, touches


@given(st.integers(0, 10**9), st.sampled_from(SET_MODES), st.integers(1, 4), st.randoms(use_true_random=False))
def test_order_of_arrival_and_duplicates_do_not_change_the_result(
    seed: int, mode: str, partitions: int, r: Random
) -> None:
    life = scenario(seed, mode, trouble=False)
    feed = [*life.feed, *(each for each in life.feed if isinstance(each, Touch | Unlink | Ping))]  # everything twice
    r.shuffle(feed)
    world = World(life._replace(feed=feed, partitions=partitions))
    world.run()
    check(world)  # compares with the oracle of the set of touches


def profiles_after(feed: Sequence[Fed]) -> dict[str, Summary]:
    """Return the total of each profile, folded on two partitions."""
    world = World(scenario(3, "plain")._replace(feed=feed, partitions=2, trouble=False))
    world.run()
    return roots_of(world)


def of(owner: str, some: Sequence[Touch]) -> list[Fed]:
    return [structs.replace(each, ids=(owner,), event_id=f"{owner}/{each.event_id}") for each in some]


def assert_profiles(found: Mapping[str, Summary], expected: Mapping[str, Summary]) -> None:
    assert set(found) == set(expected)
    for key, whole in found.items():
        assert_same(whole, expected[key])


@given(touches(most=12), touches(most=12), st.sampled_from([0, START_MS + DAY_MS]))
def test_a_merge_before_or_after_the_touches_gives_the_same_profile(a: list[Touch], b: list[Touch], at_ms: int) -> None:
    link = Claim(CRM, (EMAIL,), at_ms)
    known = profiles_after([link, *of(CRM, a), *of(EMAIL, b)])
    merged = profiles_after([*of(CRM, a), *of(EMAIL, b), link])
    assert set(merged) == {CRM}
    assert_profiles(merged, known)
    assert sum(merged[CRM].touches.values()) == len(a) + len(b)


@given(touches(most=12), touches(most=12))
def test_an_unlink_restores_both_profiles_and_lifting_it_merges_them(a: list[Touch], b: list[Touch]) -> None:
    link, off, on = Claim(CRM, (EMAIL,), 0), Unlink(EMAIL, CRM, 1, on=True), Unlink(EMAIL, CRM, 2, on=False)
    alone = profiles_after([Claim(CRM, (), 0), Unlink(EMAIL, "*", 0, on=False), *of(CRM, a), *of(EMAIL, b)])
    assert_profiles(profiles_after([*of(CRM, a), *of(EMAIL, b), link, off]), alone)
    assert_profiles(profiles_after([off, *of(CRM, a), link, *of(EMAIL, b)]), alone)
    merged = profiles_after([*of(CRM, a), *of(EMAIL, b), link])
    assert_profiles(profiles_after([*of(CRM, a), *of(EMAIL, b), link, off, on]), merged)


def test_a_master_id_merges_two_customers() -> None:
    master, other = "main|master_id:1", "main|customer_id:8"
    feed: list[Fed] = [
        make_touch("one", START_MS, ("customer_id:7", "email:b")),
        make_touch("two", START_MS, ("customer_id:8",)),
        Claim(master, (CRM, other), START_MS),
    ]
    whole = profiles_after(feed)
    assert set(whole) == {master}
    assert (whole[master].touches, whole[master].identifiers) == ({"visits": 2}, 4)


@pytest.mark.parametrize("backwards", [False, True])
def test_two_customers_on_one_device_remain_two_profiles(backwards: bool) -> None:
    device, first, second = "anonymous_id:d", "customer_id:7", "customer_id:8"
    who = [(device,), (first, device), (second, device), (device,), (first, device), (device,)]
    feed: list[Fed] = [make_touch(f"e{n}", START_MS + n * 60_000, ids) for n, ids in enumerate(who)]
    if backwards:
        feed.reverse()
    whole = profiles_after(feed)
    found = {key: (each.touches, each.identifiers) for key, each in whole.items()}
    # Touches of the device alone belong to the customer whose touch on it is the earliest.
    assert found == {f"main|{first}": ({"visits": 5}, 2), f"main|{second}": ({"visits": 1}, 1)}


def test_a_ping_emits_a_row_and_nothing_else() -> None:
    outcome = fold([Ping("main|email:b", "main", "visits", "p", 41_500)])
    (row,) = rows(outcome, "page_times")
    assert (row["tenant"], row["folded_into"], row["page_id"], row["engaged_ms"]) == ("main", "email:b", "p", 41_500)
    assert set(outcome.rows.tables()) == {"page_times"}
    assert (outcome.messages, outcome.profiles, outcome.states, outcome.oldest_ms) == ([], [], {}, 0)
    assert outcome.counts == {("visits", "ping"): 1}


def test_a_first_touch_emits_a_row_for_every_table_and_a_profile() -> None:
    outcome = fold([make_touch("e", START_MS, ("email:b",), weight=2.0, received_at_ms=START_MS + 9)])
    (event,), (profile,), (identity,), (piece,) = (
        rows(outcome, table) for table in ("events", "profiles", "identities", "session_pieces")
    )
    assert (event["folded_into"], event["weight"], event["beyond_window"]) == ("email:b", 2.0, False)
    assert (profile["identifier"], profile["parent"], profile["touches"]) == ("email:b", "", 1)
    assert (identity["identifier"], identity["why"]) == ("email:b", "none")
    assert (piece["folded_into"], piece["touches"]) == ("email:b", [1])
    ((key, value, _),) = outcome.profiles
    assert (key, value) == (EMAIL.encode(), profile_message(EMAIL, total_of(states(outcome)[EMAIL]), 10))
    assert (outcome.messages, outcome.oldest_ms, outcome.rules_versions) == ([], START_MS + 9, {"v1"})
    assert states(outcome)[EMAIL].offset == 10


def test_the_strongest_identifier_claims_the_others() -> None:
    outcome = fold([make_touch("e", START_MS, ("customer_id:7", "email:b", "phone:1"))])
    assert outcome.messages == [Link(EMAIL, CRM, 10, START_MS), Link("main|phone:1", CRM, 10, START_MS)]
    assert list(states(outcome)) == [CRM]


def test_a_duplicate_emits_no_row_but_its_claims_are_folded() -> None:
    outcome = fold([make_touch("e", START_MS, ids) for ids in (("customer_id:7",), ("customer_id:7", "email:b"))])
    assert len(rows(outcome, "events")) == 1
    assert outcome.messages == [Link(EMAIL, CRM, 11, START_MS)]
    assert outcome.counts == {("visits", "new"): 1, ("visits", "duplicate"): 1}
    assert states(outcome)[CRM].offset == 11


def test_a_touch_with_a_known_id_and_other_content_is_a_duplicate() -> None:
    outcome = fold(
        [
            make_touch("e", START_MS, ("email:b",), weight=1.0, page="shop.example/a"),
            make_touch("e", START_MS, ("email:b",), weight=7.0, page="shop.example/b", type="form"),
        ]
    )
    (event,) = rows(outcome, "events")
    assert event["weight"] == 1.0
    assert total_of(states(outcome)[EMAIL]).touches == {"visits": 1}
    assert outcome.counts == {("visits", "new"): 1, ("visits", "duplicate"): 1}


def test_a_duplicate_without_new_claims_changes_nothing() -> None:
    touch = make_touch("e", START_MS, ("email:b",))
    known = fold([touch])
    index = DedupeIndex()
    index.add(bucket_of("visits", START_MS), [digest_of(EMAIL, "e")], START_MS)
    again = fold([touch], states(known), index, first=11)
    assert (again.states, again.rows.tables(), again.messages, again.profiles) == ({}, {}, [], [])


def test_a_touch_beyond_the_window_emits_a_row_and_counts_nowhere() -> None:
    index = DedupeIndex()
    index.close([bucket_of("visits", START_MS)])
    outcome = fold([make_touch("e", START_MS, ("email:b",), weight=2.0)], index=index)
    (event,) = rows(outcome, "events")
    assert (event["folded_into"], event["weight"], event["beyond_window"]) == ("email:b", 0.0, True)
    assert (outcome.states, outcome.profiles) == ({}, [])
    assert outcome.counts == {("visits", "beyond_window"): 1}


def test_a_touch_without_identifiers_emits_one_row() -> None:
    outcome = fold([make_touch("e", START_MS, (), weight=2.0)] * 2)
    (event,) = rows(outcome, "events")
    assert (event["folded_into"], event["weight"]) == ("", 2.0)
    assert outcome.states == {}


@pytest.mark.parametrize(
    "record",
    [
        make_touch("e", START_MS, ("email:b", "phone:1")),
        Link(EMAIL, CRM, 5, START_MS),
        Sum(EMAIL, "main|phone:1", 5, encode_total(Summary(identifiers=1))),
        Unlink(EMAIL, CRM, 5, on=True),
        Claim(EMAIL, ("main|phone:1",), START_MS),
    ],
)
def test_a_record_that_was_folded_before_has_no_effect(record: object) -> None:
    known = states(fold([record]))
    again = fold([record], known)
    assert (again.states, again.rows.tables(), again.messages, again.profiles) == ({}, {}, [], [])


DEEP = b"\x91" * 100_000


@pytest.mark.parametrize(
    ("value", "detail"),
    [
        (b"", "truncated"),
        (b"{}", "Expected"),
        (b"\xc1", "invalid opcode"),
        (msgpack.encode(["x", 1]), "Expected"),
        (msgpack.encode(Unlink("a", "b", 1, on=True))[:-1], "truncated"),
        (msgpack.encode(Unlink("a", "bé", 1, on=True)).replace("é".encode(), b"\xff\xff"), "utf-8"),
        (b"\x9f\x02\xa1a\xa1b\x01\x02" + DEEP, "recursion"),
        (msgpack.encode(Sum(EMAIL, "main|phone:1", 1, b"no total")), "Expected"),
    ],
)
def test_an_undecodable_record_is_refused_and_the_rest_is_folded(value: bytes, detail: str) -> None:
    good = [make_touch(str(n), START_MS, ("email:b",)) for n in range(2)]
    outcome = fold([good[0], value, good[1]])
    (refused,) = outcome.refused
    assert refused.offset == 11
    assert detail in refused.detail
    assert states(outcome)[EMAIL].offset == 12
    assert len(rows(outcome, "events")) == 2


def test_an_identifier_known_only_from_a_command_has_an_empty_profile() -> None:
    outcome = fold([Unlink(EMAIL, CRM, 5, on=True)])
    assert states(outcome)[EMAIL].local == LocalState()
    (profile,) = rows(outcome, "profiles")
    assert (profile["touches"], profile["identifiers"]) == (0, 1)

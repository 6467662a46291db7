"""Touches and refusals of raw records, derived by hand."""

import pytest

from tests.chaos.load_meaning import Facts, Item, Refused, Sent
from tests.journeys.crowd import DAY_MS, Raw
from tests.oracle.cases import CUSTOMER, DAY, EMAIL, NOON, VISITOR, facts, oracle, sent
from tests.oracle.records import event_row
from tests.oracle.touch import UncertainError
from touchline.settings import Settings


@pytest.mark.parametrize(
    ("other", "touches"),
    [
        (facts(EMAIL), 1),
        (facts(EMAIL, VISITOR), 1),  # a retry with more identifiers
        (facts(EMAIL, at_ms=NOON - DAY_MS), 2),
        (facts(EMAIL, event_id="f"), 2),
        (facts(EMAIL, channel="calls"), 2),
        (facts(CUSTOMER, EMAIL), 2),  # under a stronger identifier
        (facts(EMAIL, tenant="acme"), 2),
        (facts(), 2),
    ],
)
def test_copies_of_the_same_touch_count_once(other: Facts, touches: int) -> None:
    assert len(oracle(sent(facts(EMAIL), other)).touches) == touches


def test_first_copy_of_a_partition_is_the_one_stored() -> None:
    expected = oracle([*sent(facts(EMAIL), facts(EMAIL), partition=0, start=5), *sent(facts(EMAIL), partition=1)])
    (touch,) = expected.touches.values()
    assert sorted((copy.sent.partition, copy.sent.offset) for copy in touch.copies) == [(0, 5), (1, 0)]


def test_differing_copies_in_several_partitions_are_uncertain() -> None:
    other = facts(EMAIL, page="x.example/other")
    assert len(oracle(sent(facts(EMAIL), other)).touches) == 1
    with pytest.raises(UncertainError, match="copies in several partitions differ"):
        oracle([*sent(facts(EMAIL)), *sent(other, partition=1)])


def test_ids_are_derived_from_the_mail_or_the_place() -> None:
    mail = facts(EMAIL, event_id="", channel="emails", natural="opened\x1f<1@x>\x1f0\x1fa@x.example\x1f")
    call = facts(EMAIL, event_id="", channel="calls")
    found = oracle(sent(mail, mail, call, call)).touches
    # the first one is the output of `b2sum -l 128`
    assert sorted(key[3] for key in found) == ["963bb645391de96641e6b30201e507c2", "t-calls/0/2", "t-calls/0/3"]


@pytest.mark.parametrize(
    ("stated_ms", "sent_at_ms", "at_ms", "flags"),
    [
        (NOON, None, NOON, ()),
        (NOON, NOON + 5_000, DAY + DAY_MS - 5_000, ("clock_corrected",)),
        (DAY + DAY_MS, DAY + DAY_MS + 999, DAY + DAY_MS - 999, ()),
        (DAY + DAY_MS + 300_000, None, DAY + DAY_MS + 300_000, ()),
        (DAY + DAY_MS + 300_001, None, DAY + DAY_MS, ("future",)),
        (NOON + 9 * DAY_MS, NOON, DAY + DAY_MS, ("clock_corrected", "future")),
        (0, None, DAY + DAY_MS - Settings().retention_ms, ("past",)),
    ],
)
def test_times_are_corrected_and_flagged(
    stated_ms: int, sent_at_ms: int | None, at_ms: int, flags: tuple[str, ...]
) -> None:
    (touch,) = oracle(sent(facts(EMAIL, at_ms=stated_ms, sent_at_ms=sent_at_ms))).touches.values()
    assert (touch.one.occurred_at_ms, touch.one.source_at_ms, touch.one.flags) == (at_ms, stated_ms, flags)


def test_invalid_records_are_refused() -> None:
    large = Sent(Item(Raw("visits", 0, b"x" * 1_025), facts(EMAIL)), "t-visits", 0, 7, DAY)
    bad = Sent(Item(Raw("visits", 0, b"{"), Refused("not_json", "line 1")), "t-visits", 0, 8, DAY)
    expected = oracle([large, bad], largest_kb=1)
    assert {place: one.reason for place, one in expected.refusals.items()} == {
        ("t-visits", 0, 7): "too_large",
        ("t-visits", 0, 8): "not_json",
    }
    assert not expected.touches


def test_lateness_follows_the_order_of_one_partition() -> None:
    young, old = facts(VISITOR, event_id="y"), facts(VISITOR, event_id="o", at_ms=NOON - 36 * DAY_MS)
    edge = facts(VISITOR, event_id="edge", at_ms=NOON - 35 * DAY_MS)

    def late(*order: Facts) -> set[str]:
        return {key[3] for key, touch in oracle(sent(*order)).touches.items() if touch.too_late}

    assert late(young, edge, old) == {"o"}
    assert late(old, young, edge) == set()
    assert late(young, facts(VISITOR, event_id="b", at_ms=NOON - 36 * DAY_MS, bot=True)) == set()
    with pytest.raises(UncertainError, match="several partitions"):
        oracle([*sent(young), *sent(old, partition=1)])


def test_arrivals_a_window_apart_are_uncertain() -> None:
    with pytest.raises(UncertainError, match="remembered"):
        oracle([*sent(facts(EMAIL)), *sent(facts(EMAIL), arrival_ms=DAY + 40 * DAY_MS)])


def test_row_contains_the_outcome_of_the_touch() -> None:
    expected = oracle(sent(facts(EMAIL, VISITOR, junk=True, columns={"url_path": "/a"})))
    (touch,) = expected.touches.values()
    row = event_row(touch, touch.one, "v")
    assert {name: row[name] for name in ("folded_into", "rule", "weight", "cap", "cap_value", "flags", "url_path")} == {
        "folded_into": EMAIL, "rule": "page_view", "weight": 1.0, "cap": 20, "cap_value": "pages",
        "flags": ["junk_identifier"], "url_path": "/a",
    }  # fmt: skip
    assert (row["raw_topic"], row["raw_partition"], row["raw_offset"]) == ("t-visits", 0, 0)
    assert (row["subject"], row["engaged_ms"], row["too_late"]) == ("", None, False)

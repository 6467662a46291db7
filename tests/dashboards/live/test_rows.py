"""Rows of blocks as touches and changes of profiles."""

from collections import Counter

import msgspec
import pytest

from dashboards.live.rows import SHOWN_TOUCHES, BlockReader
from dashboards.live.watched_profiles import WatchedProfiles
from schemas.blocks import BlockHeader, encode_block
from schemas.columns import TABLES
from schemas.row_layouts import LAYOUTS
from schemas.value_layouts import NewerLayoutError
from tests.sinks.sample_blocks import event_block, make_block, make_event, make_row

LATER = 1_700_000_000_000


def events(*rows: bytes, first: int = 1, last: int = 9) -> bytes:
    return make_block("events", 0, first, last, rows)


def test_a_touch_in_words() -> None:
    row = make_event(
        "main", 0, 1, channel="emails", type="clicked", subject="Offers", campaign="autumn", campaign_name="tagged",
        received_at=LATER, occurred_at=LATER - 5, folded_into="email:ada@example.org",
    )  # fmt: skip
    block = BlockReader(WatchedProfiles()).read(events(row))
    assert block.counts == {"main": Counter(emails=1)}
    (touch,) = block.touches["main"]
    assert (touch.title, touch.detail) == ("Clicked in “Offers”", "campaign tagged")
    assert (touch.profile, touch.key, touch.weight) == ("email:ada@example.org", "", 1.5)
    assert (touch.occurred_ms, touch.received_ms) == (LATER - 5, LATER)


def test_an_amount_is_text() -> None:
    row = make_event("main", 0, 1, channel="orders", type="paid", total=259_000, currency="EUR")
    assert BlockReader(WatchedProfiles()).read(events(row)).touches["main"][0].title == "Paid 25.90 EUR"


def test_a_channel_of_a_later_version_is_shown() -> None:
    row = make_event("main", 0, 1, channel="faxes", type="sent")
    block = BlockReader(WatchedProfiles()).read(events(row))
    assert block.counts["main"] == {"faxes": 1}
    assert block.touches["main"][0].title == "faxes: sent"


def test_what_counts_and_what_is_shown() -> None:
    rows = (
        make_event("main", 0, 1, event_id="new", folded_into="x:1", change=1),
        make_event("main", 0, 2, event_id="new", folded_into="x:1", change=2),
        make_event("main", 0, 2, event_id="new", folded_into="x:1", change=-1),
        make_event("main", 0, 3, event_id="bot", bot=True),
        make_event("main", 0, 4, event_id="old", beyond_window=True),
    )
    block = BlockReader(WatchedProfiles()).read(events(*rows))
    assert block.counts["main"] == {"visits": 2}
    new, revised = block.touches["main"]
    assert new.id == revised.id


def test_tenants_are_apart() -> None:
    rows = [make_event(tenant, 0, place, event_id="e", folded_into="x:1") for place, tenant in enumerate(("main", "a"))]
    block = BlockReader(WatchedProfiles()).read(events(*rows))
    assert block.counts == {"main": Counter(visits=1), "a": Counter(visits=1)}
    assert block.touches["main"][0].id != block.touches["a"][0].id


def test_only_the_newest_touches_of_a_block_are_shown() -> None:
    block = BlockReader(WatchedProfiles()).read(event_block("main", 0, range(SHOWN_TOUCHES + 10)))
    assert block.counts["main"] == {"visits": SHOWN_TOUCHES + 10}
    assert len(block.touches["main"]) == SHOWN_TOUCHES
    assert block.touches["main"][-1].occurred_ms == 1_700_000_000_000 + 3_600_000 * (SHOWN_TOUCHES + 9)


def test_touches_of_watched_profiles_are_always_shown() -> None:
    watched = WatchedProfiles()
    watched.add("main", ["x:1"])
    rows = [make_event("main", 0, place, folded_into="x:1" if place in (1, 69) else "x:2") for place in range(70)]
    shown = BlockReader(watched).read(events(*rows, first=0, last=69)).touches["main"]
    assert [touch.profile for touch in shown if touch.profile == "x:1"] == ["x:1", "x:1"]
    assert len(shown) == SHOWN_TOUCHES + 1
    assert shown[0].profile == shown[-1].profile == "x:1"


def test_repeated_blocks_are_read_once_however_they_are_cut() -> None:
    reader = BlockReader(WatchedProfiles())
    read = [
        reader.read(event_block("main", partition, offsets)).counts["main"]["visits"]
        for partition, offsets in [(0, range(10)), (0, range(10)), (0, range(5, 15)), (0, range(3)), (1, range(2))]
    ]
    assert read == [10, 0, 5, 0, 2]


def test_a_changed_profile() -> None:
    row = make_row(
        "profiles", tenant="main", identifier="email:a", touches=3, bots=1, last_seen=LATER, rank_pos=4.0, rank_neg=3.0,
        last_source="news", country="DE", device="desktop", traits={"name": "Ada"},
    )  # fmt: skip
    (change,) = BlockReader(WatchedProfiles()).read(make_block("profiles", 0, 1, 2, [row])).profiles
    assert (change.profile, change.parent, change.rank, change.touches, change.bots) == ("email:a", "", 3.0, 3, 1)
    assert (change.last_seen_ms, change.last_source, change.name) == (LATER, "news", "Ada")


def test_other_tables_are_skipped() -> None:
    block = BlockReader(WatchedProfiles()).read(make_block("identities", 0, 1, 2, [make_row("identities")]))
    assert (block.counts, block.touches, block.profiles) == ({}, {}, [])


def test_a_former_layout_is_filled_up() -> None:
    columns = [column for column in TABLES["events"] if column.since == 1]
    values = {"tenant": "main", "channel": "calls", "type": "missed"}
    row = b"".join(msgspec.msgpack.encode(values.get(column.name, column.empty)) for column in columns)
    block = encode_block(BlockHeader("events", 0, 1, 1, 1, 0, layout=1), [row])
    assert BlockReader(WatchedProfiles()).read(block).touches["main"][0].title == "Missed call"


def test_what_cannot_be_read_raises() -> None:
    newer = encode_block(BlockHeader("events", 0, 1, 1, 0, 0, LAYOUTS["events"] + 1), [])
    with pytest.raises(NewerLayoutError, match="layout"):
        BlockReader(WatchedProfiles()).read(newer)
    with pytest.raises(msgspec.DecodeError, match=r"[A-Z]"):
        BlockReader(WatchedProfiles()).read(b"\x00\x01x")

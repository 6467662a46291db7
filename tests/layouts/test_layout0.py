"""Everything that a worker wrote before layouts were numbered is read into the right values."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from schemas.activity import decode_record, encode_record
from schemas.blocks import decompress_rows
from schemas.column import Column
from schemas.columns import EVENT_HEAD, EVENTS, TABLES
from schemas.identity_messages import Claim, Link, Sum, Unlink
from schemas.row_layouts import LAYOUTS
from schemas.row_reader import RowReader
from schemas.touch import Touch
from sinks.store.blocks import TableBlock, read_batch
from streams.engage.dedupe import bucket_of, digest_of
from streams.engage.dedupe_state import CLOSED, DedupeState, read_watermark
from streams.engage.dedupe_state import version_of as seen_at
from streams.engage.state_rows import rows_of_state
from streams.profile.identifier_state import decode_state, decode_total, total_of, version_of
from tests.layouts.former import Kept, recorded, records, rows
from tests.schemas.column_types import read_row
from tests.streams.profile_messages import profile_message

LATER_TABLES = {"page_times"}  # of which the recorded worker wrote nothing
NOW_MS = 1_790_000_000_000
# A duplicate may have been counted in place of its twin, which has another place in the raw topic and another time.
OF_THE_RUN = {"raw_topic", "raw_partition", "raw_offset", "received_at", "activity_partition", "activity_offset"}
# Encoded by the code of layout 0: records that no touch brings about, and what a partition keeps when it forgets ids.
UNLINK = "9504b86d61696e7c656d61696c3a61406578616d706c652e6f7267a12acf000001a0c4506c00c3"
CLAIM = (
    "9405b06d61696e7c6d61737465725f69643a6d92b36d61696e7c637573746f6d65725f69643a6331"
    "b36d61696e7c637573746f6d65725f69643a6332cf000001a0c4506c00"
)
FORGOTTEN = "922992ab63616c6c732f3230373031ac7669736974732f3230373030"


def values_of(record: Kept) -> list[Any]:
    """The bare msgpack of a record, as a reader without any structs finds it."""
    found: list[Any] = msgspec.msgpack.decode(record.value or b"")
    return found


def newest(topic: str, partition: int) -> dict[bytes, bytes]:
    """The last value of each key; the recorded worker was killed once, so that nothing is out of order."""
    return {one.key or b"": one.value or b"" for one in records(topic) if one.partition == partition}


def iso(ms: int) -> str:
    """A time as `json.dumps(..., default=str)` wrote what the driver gave."""
    return str(datetime.fromtimestamp(ms / 1000, UTC))


def comparable(column: Column, value: Any) -> Any:
    """A value of a row as `layout0.json` has it."""
    return iso(value) if column.type.startswith("DateTime64") else without_prefix(value)


def check_event(row: dict[str, Any], columns: tuple[Column, ...]) -> None:
    """The row says the same of its touch as the one that has been stored."""
    names = without_prefix(row["event_id"]), row["channel"], owner(row)
    (stored,) = [
        one for one in rows("events") if (one["event_id"], one["channel"], one.get("folded_into", "")) == names
    ]
    for column in columns:
        if column.name in stored and column.name not in OF_THE_RUN:
            assert comparable(column, row[column.name]) == stored[column.name], column.name
        elif column.name not in OF_THE_RUN:
            assert row[column.name] in (column.empty, [], False), column.name


def without_prefix(value: Any) -> Any:
    """A text without the prefix of the recorded site's topics, which `read_tables` takes off."""
    return value.replace(recorded()["prefix"], "") if isinstance(value, str) else value


def owner(row: dict[str, Any]) -> str:
    return row["identifiers"][0] if row["identifiers"] else ""


def test_touches_are_read_with_their_row() -> None:
    touches = [
        (one, touch) for one in records("activity") if isinstance(touch := decode_record(one.value or b""), Touch)
    ]
    assert len(touches) > 60
    for record, touch in touches:
        tag, *former = values_of(record)
        assert tag == 1
        fields = [list(value) if isinstance(value, tuple) else value for value in msgspec.structs.astuple(touch)]
        assert fields[: len(former) - 1] == former[:-1]
        check_event(read_row(touch.head, EVENT_HEAD), EVENT_HEAD)


def test_messages_about_identity_are_read() -> None:
    kinds = Counter[type]()
    for record in records("activity"):
        found = decode_record(record.value or b"")
        kinds[type(found)] += 1
        if isinstance(found, Link):
            assert [2, *msgspec.structs.astuple(found)] == values_of(record)
        if isinstance(found, Sum):
            assert [3, *msgspec.structs.astuple(found)] == values_of(record)
            assert found.value is not None
            touches, bots, identifiers, first_seen_ms, last_seen_ms, *_ = msgspec.msgpack.decode(found.value)
            total = decode_total(found.value)
            assert (total.touches, total.bots, total.identifiers) == (touches, bots, identifiers)
            assert (total.first_seen_ms, total.last_seen_ms) == (first_seen_ms, last_seen_ms)
    assert kinds[Link] > 10
    assert kinds[Sum] > 10


@pytest.mark.parametrize(
    ("former", "record"),
    [
        (UNLINK, Unlink("main|email:a@example.org", "*", NOW_MS, on=True)),
        (CLAIM, Claim("main|master_id:m", ("main|customer_id:c1", "main|customer_id:c2"), NOW_MS)),
    ],
)
def test_commands_about_identity_are_read(former: str, record: Unlink | Claim) -> None:
    assert decode_record(bytes.fromhex(former)) == record == decode_record(encode_record(record))


def blocks() -> Iterator[TableBlock]:
    """What the store makes of every block."""
    for partition in sorted({one.partition for one in records("timeline")}):
        mine = [(one.offset, one.value or b"") for one in records("timeline") if one.partition == partition]
        batch = read_batch(partition, mine, {})
        assert not batch.unreadable
        for of_table in batch.blocks.values():
            yield from of_table


def test_blocks_are_read_into_rows_of_today() -> None:
    found: dict[str, list[dict[str, Any]]] = {table: [] for table in TABLES}
    for block in blocks():
        columns, header = TABLES[block.header.table], block.header
        assert header.layout == LAYOUTS[header.table]
        encoded = split(block, header.table)
        assert len(encoded) == header.rows
        for row in (read_row(one, columns) for one in encoded):
            assert header.first <= row["activity_offset"] <= header.last
            found[header.table].append(row)
    for row in found["events"]:
        check_event(row, EVENTS)
    known = {row["identifier"] for row in rows("identities")}
    assert {row["identifier"] for row in found["profiles"] + found["identities"]} <= known
    days = {(row["folded_into"], row["day"]) for row in rows("session_pieces")}
    assert {
        (row["folded_into"], str(datetime.fromtimestamp(row["day"] * 86_400, UTC).date()))
        for row in found["session_pieces"]
    } <= days
    assert all(len(found[table]) > 20 for table in TABLES if table not in LATER_TABLES)


def test_states_are_read_and_come_to_the_rows_that_were_written() -> None:
    written = {
        (block.header.partition, read_row(row, TABLES["identities"])["identifier"]): row
        for block in blocks()
        if block.header.table == "identities"
        for row in split(block, "identities")
    }
    for partition in range(4):
        for key, value in newest("states-changelog", partition).items():
            offset, own, ties = msgspec.msgpack.decode(value)
            node = decode_state(value)
            assert node.offset == version_of(value) == offset
            assert (node.ties is None) == (ties is None)
            assert (node.local.content is None) == (own[0] is None)
            identity = read_row(rows_of_state(key, value, partition).identity, TABLES["identities"])
            before = read_row(written[partition, identity["identifier"]], TABLES["identities"])
            if before["activity_offset"] == offset:
                assert identity == before


def split(block: TableBlock, table: str) -> list[bytes]:
    """The rows of a block."""
    return [row.data for row in RowReader(TABLES[table]).rows(decompress_rows(block.frame))]


def test_ids_are_remembered() -> None:
    remembered_ids = 0
    for partition in range(4):
        state = newest("seen-changelog", partition)
        mark = read_watermark(state)
        assert mark is not None
        assert [mark.offset, mark.clock_ms, mark.half_life_ms, list(mark.order)] == msgspec.msgpack.decode(state[b"w"])
        assert {seen_at(value) for key, value in state.items() if key == b"w"} == {mark.offset}
        index = DedupeState(state).index
        remembered_ids += index.count
        for record in records("activity"):
            touch = decode_record(record.value or b"")
            if record.partition == partition and record.offset <= mark.offset and isinstance(touch, Touch):
                digest = digest_of(touch.ids[0] if touch.ids else touch.tenant, touch.event_id)
                assert digest in index.buckets[bucket_of(touch.channel, touch.source_at_ms)]
    assert remembered_ids > 30


def test_forgotten_ids_stay_forgotten() -> None:
    index = DedupeState({CLOSED: bytes.fromhex(FORGOTTEN)}).index
    assert index.closed == {"calls/20701", "visits/20700"}


def test_profiles_messages_keep_their_fields_and_values() -> None:
    """Of each profile that the topic has as of its newest state: what is published of it today has all of it."""
    published = {
        (one.key, json.loads(one.value)["version"]): json.loads(one.value) for one in records("profiles") if one.value
    }
    compared = 0
    for partition in range(4):
        for key, value in newest("states-changelog", partition).items():
            node = decode_state(value)
            before = published.get((key, node.offset))
            if before is not None:
                now = json.loads(profile_message(key.decode(), total_of(node), node.offset))
                assert {name: now[name] for name in before} == before
                compared += 1
    assert compared > 3

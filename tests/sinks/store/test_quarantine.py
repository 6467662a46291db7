"""Refused records are kept once, with their bytes."""

from collections.abc import Callable, Sequence

import pytest

from sinks.clickhouse.client import Client
from sinks.store.quarantine import QuarantineRecord
from sinks.store.retry import Backoff
from sinks.store.stage import Store


def _store(connect: Callable[[], Client]) -> Store:
    async def reread(partition: int, first: int, last: int) -> Sequence[tuple[int, bytes]]:
        raise AssertionError("not asked")

    return Store(connect, reread, log="k", owner="me", backoff=Backoff(lambda: 0.5))


def _record(value: bytes | None, **headers: str | bytes) -> QuarantineRecord:
    pairs = [(name, text if isinstance(text, bytes) else text.encode()) for name, text in headers.items()]
    return QuarantineRecord(value, pairs)


_GOOD = {
    "reason": "not_json",
    "detail": "it ends early",
    "raw_topic": "visits",
    "raw_partition": "3",
    "raw_offset": "77",
}


async def test_a_record_stays_one_row_with_its_bytes(connect: Callable[[], Client], client: Client) -> None:
    original = bytes(range(256))
    records = [
        _record(original, **_GOOD, received_at_ms="1700000000123"),
        _record(b"{", **{**_GOOD, "raw_offset": "78"}),
    ]
    assert await _store(connect).write_quarantine(records) == 2
    assert await _store(connect).write_quarantine(records[:1]) == 1  # redelivered in another batch
    rows = client.query(
        "SELECT raw_topic, raw_partition, raw_offset, toUnixTimestamp64Milli(received_at), reason, detail, "
        "hex(original) FROM quarantine FINAL ORDER BY raw_offset"
    ).result_rows
    assert rows == [
        ("visits", 3, 77, 1_700_000_000_123, "not_json", "it ends early", original.hex().upper()),
        ("visits", 3, 78, 0, "not_json", "it ends early", "7B"),
    ]


@pytest.mark.parametrize(
    ("headers", "row"),
    [
        ({}, ("", 0, 0, "", "")),
        ({"raw_partition": "x", "raw_offset": "-5", "received_at_ms": "now"}, ("", 0, 0, "", "")),
        ({"raw_partition": "9" * 30, "raw_offset": "9" * 19}, ("", 0, 2**63 - 1, "", "")),
        ({"raw_partition": "70000", "received_at_ms": "9" * 18}, ("", 65_535, 0, "", "")),
        ({"raw_topic": b"\xff\xfe", "detail": b"\xc3("}, ("\ufffd\ufffd", 0, 0, "", "\ufffd(")),
    ],
)
async def test_headers_may_be_missing_or_damaged(
    connect: Callable[[], Client], client: Client, headers: dict[str, str | bytes], row: tuple[object, ...]
) -> None:
    await _store(connect).write_quarantine([_record(None, **headers)])
    found = client.query("SELECT raw_topic, raw_partition, raw_offset, reason, detail FROM quarantine").result_rows
    assert found == [row]


async def test_no_records_are_no_rows(connect: Callable[[], Client]) -> None:
    assert await _store(connect).write_quarantine([]) == 0

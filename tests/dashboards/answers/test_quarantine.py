"""Quarantined records and those accepted since."""

import pytest

from dashboards.answers.quarantine import original, refused
from schemas.blocks import compress_rows
from sinks.store.insert import insert_touches
from sinks.store.quarantine import QuarantineRecord, insert_quarantine, record_row
from tests.dashboards.conftest import Place
from tests.sinks.sample_blocks import make_event


@pytest.fixture
def filled(place: Place) -> Place:
    """Three records, of which the one at offset 2 was corrected and sent again."""
    records = [
        ("not_json", 1, 1_000, b'{"type": '),
        ("bad_email", 2, 2_000, b'{"email": "x"}'),
        ("not_utf8", 3, 3_000, b"\xff\x00\xfe"),
    ]
    refusals = [
        QuarantineRecord(
            value,
            [
                ("reason", reason.encode()),
                ("detail", b"it is so"),
                ("raw_topic", b"visits"),
                ("raw_partition", b"0"),
                ("raw_offset", str(offset).encode()),
                ("received_at_ms", str(at_ms).encode()),
            ],
        )
        for reason, offset, at_ms, value in records
    ]
    insert_quarantine(place.writer, [record_row(one) for one in refusals])
    accepted = make_event("main", 0, 9, raw_topic="visits", raw_partition=0, raw_offset=2, flags=["replayed"])
    insert_touches(place.writer, [compress_rows([accepted])], "accepted")
    return place


@pytest.mark.parametrize(
    ("options", "offsets"),
    [
        ({}, [3, 2, 1]),
        ({"limit": 2}, [3, 2]),
        ({"open_only": True}, [3, 1]),
        ({"reason": "bad_email"}, [2]),
        ({"reason": "bad_email", "open_only": True}, []),
        ({"since_ms": 2_000}, [3, 2]),
        ({"reason": "no such"}, []),
    ],
)
def test_list_by_reason_time_and_state(filled: Place, options: dict[str, object], offsets: list[int]) -> None:
    found = refused(filled.reader, **options)  # type: ignore[arg-type]
    assert [one.raw_offset for one in found] == offsets
    assert all(one.open is (one.raw_offset != 2) for one in found)


def test_record_has_its_original_bytes(filled: Place) -> None:
    found = original(filled.reader, "visits", 0, 3)
    assert found is not None
    assert found.original == b"\xff\x00\xfe"
    assert (found.record.place, found.record.size_bytes, found.record.open) == ("visits/0/3", 3, True)
    assert (found.record.reason, found.record.detail, found.record.received_ms) == ("not_utf8", "it is so", 3_000)
    accepted = original(filled.reader, "visits", 0, 2)
    assert accepted is not None
    assert not accepted.record.open
    assert original(filled.reader, "visits", 1, 3) is None


def test_record_refused_again_has_its_original_bytes_and_last_reason(filled: Place) -> None:
    headers = [
        ("raw_topic", b"visits"),
        ("raw_partition", b"0"),
        ("raw_offset", b"1"),
        ("received_at_ms", b"9000"),
        ("reason", b"no_zone"),
        ("sent_again_as", b"visits/0/77"),
    ]
    for value in (b"wrong", b"wrong again"):
        insert_quarantine(filled.writer, [record_row(QuarantineRecord(value, headers))])
    listed = {one.raw_offset: one for one in refused(filled.reader)}
    assert [one.raw_offset for one in listed.values()] == [3, 2, 1]
    assert (listed[1].reason, listed[1].received_ms, listed[1].size_bytes) == ("no_zone", 1_000, 9)
    assert [one.sent_again for one in listed.values()] == [False, False, True]
    assert refused(filled.reader, reason="not_json") == []
    first, last = (original(filled.reader, "visits", 0, 1, sent_again=again) for again in (False, True))
    assert first is not None
    assert last is not None
    assert (first.original, last.original) == (b'{"type": ', b"wrong again")
    assert original(filled.reader, "visits", 0, 3, sent_again=True) is None

"""The quality of what arrived."""

from datetime import date

from dashboards.answers.data_quality import Arrivals, NewestArrival, data_quality, rejections
from dashboards.answers.scope import Scope
from dashboards.answers.time_steps import Span
from sinks.store.quarantine import QuarantineRecord, insert_quarantine, record_row
from tests.dashboards.conftest import Place
from tests.dashboards.stored_touches import DAY_MS, HOUR_MS, NOON_MS, store_touches

FIRST, SECOND = date(2026, 9, 28), date(2026, 9, 29)


def refused(offset: int, at_ms: int, reason: str) -> bytes:
    headers = {"reason": reason, "detail": f"it is {offset}", "raw_topic": "visits", "raw_partition": "0"}
    headers |= {"raw_offset": str(offset), "received_at_ms": str(at_ms)}
    return record_row(QuarantineRecord(b"{", [(name, value.encode()) for name, value in headers.items()]))


def test_arrivals_by_day_source_and_flag_and_refusals(place: Place) -> None:
    visitor = {"folded_into": "anonymous_id:v", "source": "site"}
    store_touches(
        place.writer,
        visitor | {"flags": ["past", "derived_id"]}, visitor | {"flags": ["past"], "too_late": True},
        visitor | {"bot": True}, {"folded_into": "", "source": "crm", "received_at": NOON_MS + 11 * HOUR_MS},
        {"source": "crm", "beyond_window": True, "received_at": NOON_MS + 1},
        {"source": "old", "received_at": NOON_MS - 80 * DAY_MS},
        {"source": "older", "received_at": NOON_MS - 90 * DAY_MS},
    )  # fmt: skip
    insert_quarantine(
        place.writer, [refused(1, NOON_MS, "not_json"), refused(2, NOON_MS + 5, "not_json"), refused(3, 1, "bad_url")]
    )
    found = data_quality(place.reader, Scope(), Span(NOON_MS, NOON_MS + DAY_MS, "Europe/Berlin"))
    assert found.all == Arrivals(4, 1, 1, 3, 1, 1)
    assert found.by_day == ((FIRST, Arrivals(3, 1, 1, 3, 0, 1)), (SECOND, Arrivals(1, 0, 0, 0, 1, 0)))
    assert [(channel, source, one.touches) for channel, source, one in found.by_source] == [
        ("visits", "site", 3), ("visits", "crm", 1)]  # fmt: skip
    assert found.flags == (("past", 2), ("derived_id", 1))
    assert [(one.source, one.newest_ms - NOON_MS) for one in found.newest] == [
        ("crm", 11 * HOUR_MS), ("site", 0), ("old", -80 * DAY_MS)]  # fmt: skip
    assert isinstance(found.newest[0], NewestArrival)
    (json,) = found.rejected
    assert (json.day, json.reason, json.records, json.place, json.detail) == (
        FIRST,
        "not_json",
        2,
        "visits/0/2",
        "it is 2",
    )
    assert rejections(place.reader, Span(0, 2))[0].reason == "bad_url"
    nothing = data_quality(place.reader, Scope("other"), Span(1, 2))
    assert (nothing.all, nothing.by_day, nothing.flags, nothing.newest) == (Arrivals(0, 0, 0, 0, 0, 0), (), (), ())

"""The contents of the store."""

from dashboards.answers.store_status import read_store_status
from sinks.clickhouse.client import Client
from tests.dashboards.conftest import Place


def test_status_of_an_empty_store(place: Place) -> None:
    found = read_store_status(place.reader)
    assert (found.touches, found.newest_ms) == (0, None)
    assert [one.table for one in found.tables] == ["schema_migrations"]


def test_status_of_a_filled_store(lived: Client) -> None:
    found = read_store_status(lived)
    touches, newest_ms = lived.query(
        "SELECT count(), toUnixTimestamp64Milli(max(received_at)) FROM events"
    ).result_rows[0]
    assert (found.touches, found.newest_ms) == (touches, newest_ms)
    events = next(one for one in found.tables if one.table == "events")
    assert events.rows == touches > 4_000
    assert events.parts > 0
    assert found.size_bytes == sum(one.size_bytes for one in found.tables) > 100_000
    assert {"profiles", "identities", "session_pieces", "touches_by_minute"} <= {one.table for one in found.tables}

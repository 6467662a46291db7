"""The time of arrival of a raw record: the smaller of the broker's and a plausible header's."""

from collections.abc import Sequence

from schemas.arrival import RECEIVED_AT, arrival_of
from schemas.timestamps import EARLIEST_MS
from tests.tables import table

BROKER_MS = 1_769_851_810_000
EARLIER = str(BROKER_MS - 10_800_000).encode()


@table(
    ("headers", "arrival_ms"),
    [
        ([], BROKER_MS),
        ([(RECEIVED_AT, EARLIER)], BROKER_MS - 10_800_000),
        ([("other", EARLIER)], BROKER_MS),
        ([("Received_At", EARLIER)], BROKER_MS),
        ([(RECEIVED_AT, str(BROKER_MS).encode())], BROKER_MS),
        ([(RECEIVED_AT, str(BROKER_MS + 1).encode())], BROKER_MS),
        ([(RECEIVED_AT, EARLIER), (RECEIVED_AT, str(BROKER_MS - 1).encode())], BROKER_MS - 10_800_000),
        ([(RECEIVED_AT, str(EARLIEST_MS).encode())], EARLIEST_MS),
        ([(RECEIVED_AT, str(EARLIEST_MS - 1).encode())], BROKER_MS),
        *(
            ([(RECEIVED_AT, value)], BROKER_MS)
            for value in (None, b"", b"0", b"-1", b"1e12", b" 1769851810", b"2026-01-31", b"\xff", "١".encode())
        ),
        ([(RECEIVED_AT, b"1" * 5_000)], BROKER_MS),
    ],
)
def test_arrival(headers: Sequence[tuple[str, bytes | None]], arrival_ms: int) -> None:
    assert arrival_of(headers, BROKER_MS) == arrival_ms

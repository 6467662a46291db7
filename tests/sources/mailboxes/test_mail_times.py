"""Times of mails."""

import pytest

from sources.mailboxes.headers import Headers
from sources.mailboxes.mail_times import read_mail_time

RECEIVED = "Received: from a by b; Mon, 30 Nov 2026 10:00:05 +0000\n"
SENT_MS, RECEIVED_MS = 1_796_032_800_000, 1_796_032_805_000


@pytest.mark.parametrize(
    ("date", "at_ms"),
    [
        ("Mon, 30 Nov 2026 11:00:00 +0100", SENT_MS),
        ("30 Nov 2026 11:00:00 +0100 (CET)", SENT_MS),
        ("Mon, 30 Nov 2026 10:00:00 GMT", SENT_MS),
        ("Mon, 30 Nov 2026 10:00:00 -0000", SENT_MS),
        ("Mon, 30 Nov 2026 05:00 EST", SENT_MS),
        ("30 Nov 26 10:00:00 +0000", SENT_MS),
        ("Mon, 30 Nov 2026 10:00:00", RECEIVED_MS),
        ("Mon, 30 Nov 2026 10:00:00 CEST", RECEIVED_MS),
        ("Thu, 01 Jan 1970 00:00:00 +0000", RECEIVED_MS),
        ("Fri, 30 Nov 2096 00:00:00 +0000", RECEIVED_MS),
        ("yesterday", RECEIVED_MS),
        ("Mon, 99 Nov 2026 10:00:00 +0000", RECEIVED_MS),
        ("Mon, 30 Nov 2026 10:00:00 +9999999999", RECEIVED_MS),
        ("x" * 500, RECEIVED_MS),
        ("", RECEIVED_MS),
    ],
)
def test_date_counts_if_it_is_plausible_and_has_a_zone(date: str, at_ms: int) -> None:
    assert read_mail_time(Headers(f"{RECEIVED}Date: {date}\n".encode())) == at_ms


def test_first_readable_received_counts() -> None:
    assert read_mail_time(Headers(f"Received: no time\n{RECEIVED}".encode())) == RECEIVED_MS
    assert read_mail_time(Headers(b"Received: no time\n")) is None

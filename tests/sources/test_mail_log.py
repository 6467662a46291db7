"""The importer of mail logs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.mail_log import MailLogOptions, read_mail_log
from sources.outcome import Emit, Outcome, Reject, Skip

OPTIONS = MailLogOptions(start_ms=1_000_000)


def outcomes(*lines: bytes) -> list[Outcome]:
    return list(read_mail_log(lines, OPTIONS))


def test_a_mail_is_a_touch_of_its_sender() -> None:
    (outcome,) = outcomes(b"3 4 2797\r\n")
    assert isinstance(outcome, Emit)
    assert outcome.channel == "emails"
    assert outcome.touch == {
        "event_id": outcome.touch["event_id"],
        "type": "received",
        "occurred_at": 3_797_000,
        "email": "p3@eu-core.example",
        "direction": "inbound",
        "source": "mail-log",
        "properties": {"to": "p4@eu-core.example"},
    }


def test_an_address_is_kept() -> None:
    (outcome,) = outcomes(b"ann@x.example\tteam@y.example\t0\n")
    assert isinstance(outcome, Emit)
    assert outcome.touch["email"] == "ann@x.example"
    assert outcome.touch["properties"] == {"to": "team@y.example"}


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (b"1 2\n", "columns"),
        (b"1 2 3 4\n", "columns"),
        (b"1 2 -3\n", "bad_seconds"),
        (b"1 2 3.5\n", "bad_seconds"),
        (b"1 2 999999999999\n", "bad_seconds"),
        ("1 2 ٣\n".encode(), "bad_seconds"),
        (b"bob 2 3\n", "bad_person"),
        (b"1 @x 3\n", "bad_person"),
        (b"\xff 2 3\n", "not_utf8"),
        (b"1 2 3", "cut_short"),
    ],
)
def test_malformed_lines_are_rejected(bad: bytes, reason: str) -> None:
    _, outcome = outcomes(b"1 2 0\n", bad)
    assert isinstance(outcome, Reject)
    assert (outcome.reason, outcome.line_no) == (reason, 2)


def test_blank_lines_and_comments_are_skipped() -> None:
    assert outcomes(b"\n", b"# sender receiver\n") == [Skip("blank"), Skip("comment")]


def test_repeated_lines_are_distinct_mails() -> None:
    made = [one.touch["event_id"] for one in outcomes(b"1 2 3\r\n", b"1 2 3\n", b"1 2 4\n") if isinstance(one, Emit)]
    assert len(set(made)) == 3


@given(st.lists(st.binary(max_size=30), max_size=10))
def test_any_line_has_one_outcome(lines: list[bytes]) -> None:
    assert len(outcomes(*lines)) == len(lines)

"""The importer of call logs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.call_log import COLUMNS, CallLogOptions, read_call_log
from sources.outcome import Emit, Outcome, Reject, Skip

OPTIONS = CallLogOptions()
ANSWERED = {
    "vru+line": "AA0101",
    "call_id": "34536",
    "customer_id": "23317894",
    "priority": "2",
    "type": "PS",
    "date": "990201",
    "vru_entry": "7:02:47",
    "vru_exit": "7:02:56",
    "vru_time": "9",
    "q_start": "7:02:56",
    "q_exit": "7:03:00",
    "q_time": "4",
    "outcome": "AGENT",
    "ser_start": "7:03:00",
    "ser_exit": "7:05:46",
    "ser_time": "166",
    "server": "DORIT",
}
AT_MS = 917_845_367_000  # 1999-02-01T05:02:47Z


def line(**changes: str) -> bytes:
    return "\t".join({**ANSWERED, **changes}.values()).encode() + b"\r\n"


def outcomes(*lines: bytes, options: CallLogOptions = OPTIONS) -> list[Outcome]:
    return list(read_call_log(lines, options))


def emit(**changes: str) -> Emit:
    (outcome,) = outcomes(line(**changes))
    assert isinstance(outcome, Emit), outcome
    return outcome


def test_an_answered_call_becomes_a_touch() -> None:
    made = emit()
    assert (made.channel, made.notes) == ("calls", ())
    assert made.touch == {
        "event_id": made.touch["event_id"],
        "type": "answered",
        "occurred_at": AT_MS,
        "direction": "inbound",
        "source": "call-log",
        "wait_s": 4,
        "duration_s": 166,
        "outcome": "agent",
        "queue": "PS",
        "agent": "DORIT",
        "customer_id": "23317894",
        "properties": {"line": "AA0101", "call_id": "34536", "priority": "2", "vru_s": 9},
    }


@pytest.mark.parametrize(
    ("changes", "expected", "notes"),
    [
        ({"outcome": "HANG", "ser_time": "0", "server": "NO_SERVER"}, {"type": "abandoned", "outcome": "hang"}, ()),
        ({"outcome": "PHANTOM", "server": "NO_SERVER"}, {"type": "missed", "outcome": "phantom"}, ()),
        ({"customer_id": "0"}, {"type": "answered"}, ("unknown_caller",)),
        ({"customer_id": "6.02701E+11"}, {"type": "answered"}, ("damaged_caller",)),
        ({"server": "NO_SERVER"}, {"duration_s": 166}, ("no_agent",)),
        ({"vru_entry": "0:00:00"}, {"occurred_at": AT_MS - 25_367_000}, ()),
        ({"vru_entry": "24:00:10"}, {"occurred_at": AT_MS - 25_367_000 + 86_410_000}, ()),
        ({"date": "990701"}, {"occurred_at": 930_801_767_000}, ()),  # summer time: 1999-07-01T04:02:47Z
        ({"date": "050201"}, {"occurred_at": 1_107_234_167_000}, ()),
        ({"vru_time": "-57"}, {"wait_s": 4}, ()),
    ],
)
def test_outcomes_give_type_and_notes(
    changes: dict[str, str], expected: dict[str, object], notes: tuple[str, ...]
) -> None:
    made = emit(**changes)
    assert {name: made.touch[name] for name in expected} == expected
    assert made.notes == notes


def test_an_unknown_caller_has_no_identifier() -> None:
    assert "customer_id" not in emit(customer_id="0").touch
    damaged = emit(customer_id="6.02701E+11").touch
    assert "customer_id" not in damaged
    assert damaged["properties"] == {**_properties(), "damaged_customer_id": "6.02701E+11"}


def test_service_without_an_answer_is_no_duration() -> None:
    made = emit(outcome="HANG", server="NO_SERVER", ser_time="8").touch
    assert "duration_s" not in made
    assert "agent" not in made
    assert made["properties"] == {**_properties(), "service_s": 8}


def _properties() -> dict[str, object]:
    return {"line": "AA0101", "call_id": "34536", "priority": "2", "vru_s": 9}


@pytest.mark.parametrize(
    ("bad", "reason", "words"),
    [
        (line(outcome="LOST"), "unknown_outcome", "LOST"),
        (line(date="990230"), "bad_date", "990230"),
        (line(date="1999-02-01"), "bad_date", "yymmdd"),
        (line(date="９９0201"), "bad_date", "yymmdd"),
        (line(vru_entry="7.02"), "bad_time", "h:mm:ss"),
        (line(vru_entry="7:61:00"), "bad_time", "7:61:00"),
        (line(vru_entry="48:00:00"), "bad_time", "48:00:00"),
        (line(q_time="soon"), "bad_number", "q_time"),
        (line(q_time="-1"), "bad_number", "below zero"),
        (line(ser_time=""), "bad_number", "ser_time"),
        (line(customer_id="Bob"), "bad_customer", "Bob"),
        (line() + line(), "columns", "33 columns"),
        (b"AA0101\t34536\r\n", "columns", "2 columns"),
        (b"\xff\xfe\n", "not_utf8", "byte 1"),
    ],
)
def test_malformed_lines_are_rejected(bad: bytes, reason: str, words: str) -> None:
    _, outcome, _ = outcomes(line(), bad, line())
    assert isinstance(outcome, Reject)
    assert (outcome.reason, outcome.line_no) == (reason, 2)
    assert words in outcome.detail


def test_the_header_has_no_outcome_and_a_blank_line_is_skipped() -> None:
    header = "\t".join(COLUMNS).encode() + b"\r\n"
    assert [type(one) for one in outcomes(header, b"\r\n", line())] == [Skip, Emit]


def test_equal_lines_have_distinct_ids() -> None:
    ids = [one.touch["event_id"] for one in outcomes(line(), line()) if isinstance(one, Emit)]
    assert len(set(ids)) == 2
    again = outcomes("\t".join(COLUMNS).encode() + b"\n", line().replace(b"\r\n", b"\n"), line())
    assert [one.touch["event_id"] for one in again if isinstance(one, Emit)] == ids


def test_the_zone_changes_the_instant() -> None:
    (outcome,) = outcomes(line(), options=CallLogOptions("UTC"))
    assert isinstance(outcome, Emit)
    assert outcome.touch["occurred_at"] == AT_MS + 2 * 3_600_000


@given(st.lists(st.text(alphabet=st.characters(exclude_characters="\t\r\n"), max_size=12), min_size=17, max_size=17))
def test_hostile_cells_never_crash(cells: list[str]) -> None:
    (outcome,) = outcomes("\t".join(["x", *cells[1:]]).encode("utf-8", "replace"))
    assert isinstance(outcome, Emit | Reject)


@given(
    st.sampled_from(COLUMNS),
    st.text(alphabet=st.characters(exclude_characters="\t\r\n", exclude_categories=["Cs"]), max_size=12),
)
def test_one_hostile_cell_never_crashes(column: str, cell: str) -> None:
    (outcome,) = outcomes(b"x" + line(**{column: cell}))
    assert isinstance(outcome, Emit | Reject)

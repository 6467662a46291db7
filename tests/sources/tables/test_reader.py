"""CSV and JSON lines from bytes to outcomes."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.outcome import Emit, Reject, Skip
from sources.tables.reader import HeaderError, TableOptions, read_csv, read_jsonl
from tests.sources.tables.reading import CALLS, VISITS, WHEN, csv_of, jsonl_of, touches


def test_a_csv_row_becomes_a_touch() -> None:
    (made,) = touches(csv_of(f"who,when,crm no,plan,subject\n ann@x.example ,{WHEN},17,gold,\n"))
    assert made == {
        "event_id": made["event_id"],
        "type": "opened",
        "direction": "outbound",
        "email": "ann@x.example",
        "occurred_at": WHEN,
        "ids": {"crm": "17"},
        "properties": {"plan": "gold"},
    }


@pytest.mark.parametrize(
    ("cell", "zone", "value"),
    [
        (WHEN, "", WHEN),
        ("2024-03-01T10:00:00+02:00", "", "2024-03-01T10:00:00+02:00"),
        ("1709287200000", "", 1_709_287_200_000),
        ("2024-03-01 10:00", "Europe/Berlin", 1_709_283_600_000),
        ("2024-03-01", "UTC", 1_709_251_200_000),
        ("20240301", "UTC", 1_709_251_200_000),
    ],
)
def test_times_are_read(cell: str, zone: str, value: object) -> None:
    options = TableOptions("calls", constants={"direction": "inbound"}, zone=zone)
    (made,) = touches(csv_of(f"type,occurred_at\nanswered,{cell}\n", options))
    assert made["occurred_at"] == value


@pytest.mark.parametrize(
    ("row", "reason", "words"),
    [
        ("answered,2024-03-01 10:00,1", "bad_time", "zone"),
        ("answered,yesterday,1", "bad_time", "yesterday"),
        (f"answered,{WHEN},long", "bad_number", "duration_s"),
        (f'answered,{WHEN},"0,5"', "bad_number", "replace the decimal comma by a point"),
        (f"answered,{WHEN},NaN", "bad_number", "NaN"),
        (f"answered,{WHEN},1e400", "bad_number", "1e400"),
        (f",{WHEN},1", "missing_field", "type"),
        ("answered,,1", "missing_field", "occurred_at"),
        (f"answered,{WHEN}", "cells", "2 cells where the header has 3"),
        (f"answered,{WHEN},1,2", "cells", "4 cells"),
        (f'answered,{WHEN},"1"2', "bad_csv", ""),
    ],
)
def test_a_rejected_row_does_not_affect_others(row: str, reason: str, words: str) -> None:
    good = f"answered,{WHEN},1"
    before, outcome, after = csv_of(f"type,occurred_at,duration_s\n{good}\n{row}\n{good}\n", CALLS)
    assert isinstance(outcome, Reject), outcome
    assert (outcome.reason, outcome.line_no) == (reason, 3)
    assert words in outcome.detail
    assert isinstance(before, Emit)
    assert isinstance(after, Emit)


def test_bytes_that_are_no_utf8_reject_one_row() -> None:
    made = csv_of(b"type,occurred_at,agent\nanswered,1709287200000,caf\xe9\nanswered,1709287200000,ok\n", CALLS)
    assert [type(one) for one in made] == [Reject, Emit]
    assert isinstance(made[0], Reject)
    assert made[0].reason == "not_utf8"


def test_a_byte_order_mark_quoted_line_ends_and_blank_rows_are_read() -> None:
    text = f'\ufeff"type";"occurred_at";"note"\r\n"answered";{WHEN};"two\r\nlines; one ""cell"""\r\n\r\n'
    options = TableOptions("calls", constants={"direction": "inbound"}, delimiter=";")
    emit, skip = csv_of(text, options)
    assert isinstance(emit, Emit)
    assert emit.touch["properties"] == {"note": 'two\r\nlines; one "cell"'}
    assert skip == Skip("blank")


def test_a_json_line_becomes_a_touch() -> None:
    text = (
        f'{{"type": "page", "occurred_at": "{WHEN}", "url": "https://x.example/", "engaged_ms": 12.5, '
        '"seen": [1, {}], "ids": {"crm": "7"}, "properties": {"traits": {"name": "Ann"}}}\n'
    )
    (made,) = touches(jsonl_of(text))
    assert made == {
        "event_id": made["event_id"],
        "type": "page",
        "occurred_at": WHEN,
        "url": "https://x.example/",
        "engaged_ms": 12.5,
        "ids": {"crm": "7"},
        "properties": {"traits": {"name": "Ann"}, "seen": [1, {}]},
    }


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (b"{", "not_json"),
        (b'{"a": NaN}', "not_json"),
        (b"\xff", "not_json"),
        (b"[" * 100_000, "not_json"),
        (b"[1]", "not_an_object"),
        (b'"text"', "not_an_object"),
        (b'{"type": "page", "occurred_at": "2024-03-01T10:00:00Z"}', "missing_field"),
        (b'{"type": "page", "occurred_at": "2024-03-01T10:00:00", "url": "https://x.example"}', "bad_time"),
    ],
)
def test_json_that_is_no_touch_is_rejected(bad: bytes, reason: str) -> None:
    good = f'{{"type": "page", "occurred_at": "{WHEN}", "url": "https://x.example/"}}\n'.encode()
    _, outcome, blank, after = jsonl_of(good + bad + b"\n\n" + good)
    assert isinstance(outcome, Reject), outcome
    assert (outcome.reason, outcome.line_no) == (reason, 2)
    assert blank == Skip("blank")
    assert isinstance(after, Emit)


@given(st.lists(st.binary(max_size=40).map(lambda one: one.replace(b"\n", b"").replace(b"\r", b"") + b"\n")))
def test_any_json_line_has_one_outcome(lines: list[bytes]) -> None:
    assert len(list(read_jsonl(lines, VISITS))) == len(lines)


@given(st.lists(st.text(max_size=20), max_size=8))
def test_hostile_csv_never_crashes(rows: list[str]) -> None:
    lines = [b"type,occurred_at\n", *(row.encode("utf-8", "replace") + b"\n" for row in rows)]
    assert all(isinstance(one, Emit | Skip | Reject) for one in read_csv(lines, CALLS))


def test_a_row_of_several_lines_is_rejected_with_its_first() -> None:
    _, refused = csv_of(f'type,occurred_at,note\nanswered,{WHEN},"two\nlines"\nanswered,never,"two\nlines"\n', CALLS)
    assert isinstance(refused, Reject)
    assert (refused.reason, refused.line_no) == ("bad_time", 4)


def test_a_header_with_invalid_bytes_raises() -> None:
    raw = "type;occurred_at;Straße\nanswered;2026-11-28T10:00:00Z;Ring\n".encode("cp1252")
    options = TableOptions("calls", constants={"direction": "inbound"}, delimiter=";")
    with pytest.raises(HeaderError, match=r"column 3 has bytes that are not UTF-8.*--encoding cp1252"):
        csv_of(raw, options)
    (made,) = touches(csv_of(raw, replace(options, encoding="cp1252")))
    assert made["properties"] == {"Straße": "Ring"}


def test_bytes_invalid_in_a_given_encoding_reject_one_row() -> None:
    raw = b"type,occurred_at,agent\nanswered,1709287200000,\x81\nanswered,1709287200000,caf\xe9\n"
    refused, made = csv_of(raw, replace(CALLS, encoding="cp1252"))
    assert isinstance(refused, Reject)
    assert (refused.reason, refused.line_no) == ("undecodable", 2)
    assert "cell 3 (agent) has bytes that are not cp1252" in refused.detail
    assert isinstance(made, Emit)
    assert made.touch["agent"] == "café"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-8-sig"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_tables_of_spreadsheets_are_read(encoding: str, end: str) -> None:
    text = end.join(["type\toccurred_at\tphone", f"answered\t{WHEN}\t+4930901852", ""])
    (made,) = touches(csv_of(text.encode(encoding), replace(CALLS, delimiter="\t")))
    assert made["phone"] == "+4930901852"


def test_the_message_about_utf16_without_a_mark_names_the_option() -> None:
    raw = f"type,occurred_at\nanswered,{WHEN}\n".encode("utf-16-le")
    with pytest.raises(HeaderError, match="--encoding utf-16-le"):
        csv_of(raw, CALLS)
    assert touches(csv_of(raw, replace(CALLS, encoding="utf-16-le")))


def test_the_first_line_of_excel_sets_the_delimiter() -> None:
    for first in ("sep=;", '"sep=;"', "SEP=;"):
        (made,) = touches(csv_of(f"\ufeff{first}\r\ntype;occurred_at\r\nanswered;{WHEN}\r\n", CALLS))
        assert made["type"] == "answered"
    assert len(touches(csv_of(f"sep=,\ntype,occurred_at\nanswered,{WHEN}\n", CALLS))) == 1


def test_blank_lines_before_the_header_are_skipped() -> None:
    skip, made = csv_of(f"\ntype,occurred_at\nanswered,{WHEN}\n", CALLS)
    assert skip == Skip("blank")
    assert isinstance(made, Emit)


@pytest.mark.parametrize("value", ["1795852800", "1795852800000000", "46354.4", "20261129010203"])
def test_times_in_another_unit_are_rejected_with_the_option(value: str) -> None:
    for outcome in (
        *csv_of(f"type,occurred_at\nmissed,{value}\n", CALLS),
        *jsonl_of(f'{{"type": "missed", "occurred_at": {value}}}', CALLS),
    ):
        assert isinstance(outcome, Reject)
        assert outcome.reason == "bad_time"
        assert outcome.detail.startswith("occurred_at is ")


def test_times_in_a_given_unit_are_read() -> None:
    options = replace(CALLS, time_unit="s")
    (made,) = touches(csv_of("type,occurred_at,sent_at\nmissed,1795852800,1795852801.5\n", options))
    assert (made["occurred_at"], made["sent_at"]) == (1_795_852_800_000, 1_795_852_801_500)


def test_an_array_of_events_is_rejected_with_advice() -> None:
    (refused,) = jsonl_of(b'[{"type": "missed"}]\n', CALLS)
    assert isinstance(refused, Reject)
    assert "one object per line" in refused.detail


def test_half_a_surrogate_nan_and_too_large_numbers_are_rejected() -> None:
    lines = [
        b'{"type": "missed", "occurred_at": 1795852800000, "a": "\\ud83d"}\n',
        b'{"type": "missed", "occurred_at": 1795852800000, "a": 1e400}\n',
        b'{"type": "missed", "occurred_at": 1795852800000, "a": NaN}\n',
        b'{"type": "missed", "occurred_at": 1795852800000, "a": 1, "a": 2}\n',
    ]
    *refused, last = jsonl_of(b"".join(lines), CALLS)
    assert [(one.reason, one.line_no) for one in refused if isinstance(one, Reject)] == [
        ("not_json", n) for n in (1, 2, 3)
    ]
    assert isinstance(last, Emit)
    assert last.touch["properties"] == {"a": 2}


def test_ambiguous_and_skipped_local_times_are_read() -> None:
    options = replace(CALLS, zone="Europe/Berlin")
    made = touches(csv_of("type,occurred_at\nmissed,2026-10-25 02:30:00\nmissed,2026-03-29 02:30:00\n", options))
    assert [one["occurred_at"] for one in made] == [1_792_888_200_000, 1_774_747_800_000]


@given(st.lists(st.text(st.sampled_from('a",\n;1'), max_size=20), max_size=8))
def test_every_row_of_a_table_has_one_outcome(rows: list[str]) -> None:
    raw = "type,occurred_at\n" + "\n".join(rows)
    outcomes = csv_of(raw, CALLS)
    assert len(outcomes) <= raw.count("\n")
    assert [one.line_no for one in outcomes if isinstance(one, Reject)] == sorted(
        {one.line_no for one in outcomes if isinstance(one, Reject)}
    )

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.outcomes import Emit, Outcome, RawTouch, Reject, Skip
from sources.tables import TableOptions, WrongHeader, read_csv, read_jsonl

MAILS = TableOptions(
    "emails",
    columns={"who": "email", "when": "occurred_at", "crm no": "ids.crm"},
    constants={"type": "opened", "direction": "outbound"},
)
CALLS = TableOptions("calls", constants={"direction": "inbound"})
VISITS = TableOptions("visits")
WHEN = "2024-03-01T10:00:00Z"


def csv_of(text: str | bytes, options: TableOptions = MAILS) -> list[Outcome]:
    raw = text.encode() if isinstance(text, str) else text
    return list(read_csv(raw.splitlines(keepends=True), options))


def jsonl_of(text: str | bytes, options: TableOptions = VISITS) -> list[Outcome]:
    raw = text.encode() if isinstance(text, str) else text
    return list(read_jsonl(raw.splitlines(keepends=True), options))


def touches(outcomes: list[Outcome]) -> list[RawTouch]:
    assert all(isinstance(one, Emit) for one in outcomes), outcomes
    return [one.touch for one in outcomes if isinstance(one, Emit)]


def test_a_csv_row() -> None:
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


def test_columns_nobody_mapped_can_be_left_out() -> None:
    options = TableOptions("emails", MAILS.columns, MAILS.constants, rest=False)
    (made,) = touches(csv_of(f"who,when,crm no,plan\nann@x.example,{WHEN},17,gold\n", options))
    assert "properties" not in made


@pytest.mark.parametrize(
    ("cell", "value"),
    [("12", 12), ("12.5", 12.5), ("0", 0), ("-1", -1)],
)
def test_numbers_become_numbers(cell: str, value: float) -> None:
    (made,) = touches(csv_of(f"type,occurred_at,duration_s,queue\nanswered,{WHEN},{cell},12\n", CALLS))
    assert made["duration_s"] == value
    assert made["queue"] == "12"


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
def test_times(cell: str, zone: str, value: object) -> None:
    options = TableOptions("calls", constants={"direction": "inbound"}, zone=zone)
    (made,) = touches(csv_of(f"type,occurred_at\nanswered,{cell}\n", options))
    assert made["occurred_at"] == value


@pytest.mark.parametrize(
    ("row", "reason", "words"),
    [
        ("answered,2024-03-01 10:00,1", "bad_time", "zone"),
        ("answered,yesterday,1", "bad_time", "yesterday"),
        (f"answered,{WHEN},long", "bad_number", "duration_s"),
        (f"answered,{WHEN},NaN", "bad_number", "NaN"),
        (f"answered,{WHEN},1e400", "bad_number", "1e400"),
        (f",{WHEN},1", "missing_field", "type"),
        ("answered,,1", "missing_field", "occurred_at"),
        (f"answered,{WHEN}", "cells", "2 cells where the header has 3"),
        (f"answered,{WHEN},1,2", "cells", "4 cells"),
        (f'answered,{WHEN},"1"2', "bad_csv", ""),
    ],
)
def test_rejected_rows_leave_their_neighbours_alone(row: str, reason: str, words: str) -> None:
    good = f"answered,{WHEN},1"
    before, outcome, after = csv_of(f"type,occurred_at,duration_s\n{good}\n{row}\n{good}\n", CALLS)
    assert isinstance(outcome, Reject), outcome
    assert (outcome.reason, outcome.line_no) == (reason, 3)
    assert words in outcome.detail
    assert isinstance(before, Emit)
    assert isinstance(after, Emit)


def test_bytes_that_are_no_utf8_cost_one_row() -> None:
    made = csv_of(b"type,occurred_at,agent\nanswered,1709287200000,caf\xe9\nanswered,1709287200000,ok\n", CALLS)
    assert [type(one) for one in made] == [Reject, Emit]
    assert isinstance(made[0], Reject)
    assert made[0].reason == "not_utf8"


def test_a_byte_order_mark_quotes_lines_in_cells_and_blank_rows() -> None:
    text = f'\ufeff"type";"occurred_at";"note"\r\n"answered";{WHEN};"two\r\nlines; one ""cell"""\r\n\r\n'
    options = TableOptions("calls", constants={"direction": "inbound"}, delimiter=";")
    emit, skip = csv_of(text, options)
    assert isinstance(emit, Emit)
    assert emit.touch["properties"] == {"note": 'two\r\nlines; one "cell"'}
    assert skip == Skip("blank")


@pytest.mark.parametrize("header", ["who,when\n", "who,when,crm no,who\n"])
def test_a_wrong_header_is_named(header: str) -> None:
    with pytest.raises(WrongHeader, match="its header is who, when"):
        csv_of(header + "a,b\n")


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: TableOptions("letters"), "visits, emails, calls"),
        (lambda: TableOptions("calls", {"a": "url"}), "calls have no field 'url'"),
        (lambda: TableOptions("calls", {"a": "ids."}), "ids.NAME"),
        (lambda: TableOptions("calls", constants={"nope": "1"}), "nope"),
        (lambda: TableOptions("calls", delimiter=";;"), "one character"),
        (lambda: TableOptions("calls", zone="Mars/Olympus"), "Mars/Olympus"),
    ],
)
def test_wrong_options_are_named(make: object, words: str) -> None:
    assert callable(make)
    with pytest.raises(ValueError, match=words):
        make()


def test_ids_tell_equal_rows_apart_and_come_again() -> None:
    rows = f"a@x.example,{WHEN},1\nb@x.example,{WHEN},2\na@x.example,{WHEN},1\n"
    first = [one["event_id"] for one in touches(csv_of("who,when,crm no\n" + rows))]
    assert len(set(first)) == 3
    longer = [one["event_id"] for one in touches(csv_of("who,when,crm no\n" + rows + f"a@x.example,{WHEN},1\n"))]
    assert longer[:3] == first
    assert longer[3] not in first


def test_equal_rows_of_other_tables_are_other_touches() -> None:
    table = f"who,when\na@x.example,{WHEN}\n"
    columns = {"who": "email", "when": "occurred_at"}
    ids = {
        touches(csv_of(table, TableOptions("emails", columns, {"type": kind, "direction": "outbound"})))[0]["event_id"]
        for kind in ("opened", "clicked")
    }
    assert len(ids) == 2


def test_an_id_of_the_table_is_kept() -> None:
    (made,) = touches(csv_of(f"event_id,type,occurred_at\nx-1,answered,{WHEN}\n", CALLS))
    assert made["event_id"] == "x-1"


def test_a_json_line_is_taken_as_it_is() -> None:
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
def test_rejected_json(bad: bytes, reason: str) -> None:
    good = f'{{"type": "page", "occurred_at": "{WHEN}", "url": "https://x.example/"}}\n'.encode()
    _, outcome, blank, after = jsonl_of(good + bad + b"\n\n" + good)
    assert isinstance(outcome, Reject), outcome
    assert (outcome.reason, outcome.line_no) == (reason, 2)
    assert blank == Skip("blank")
    assert isinstance(after, Emit)


@given(st.lists(st.binary(max_size=40).map(lambda one: one.replace(b"\n", b"").replace(b"\r", b"") + b"\n")))
def test_one_outcome_per_json_line(lines: list[bytes]) -> None:
    assert len(list(read_jsonl(lines, VISITS))) == len(lines)


@given(st.lists(st.text(max_size=20), max_size=8))
def test_hostile_csv_never_crashes(rows: list[str]) -> None:
    lines = [b"type,occurred_at\n", *(row.encode("utf-8", "replace") + b"\n" for row in rows)]
    assert all(isinstance(one, Emit | Skip | Reject) for one in read_csv(lines, CALLS))

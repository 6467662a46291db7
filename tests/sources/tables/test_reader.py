from dataclasses import replace

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.outcome import Emit, Outcome, RawTouch, Reject, Skip
from sources.presets import PRESETS
from sources.tables.keys import KeysSeen
from sources.tables.reader import TableOptions, WrongHeader, read_csv, read_jsonl

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
        (lambda: TableOptions("calls", {"a": "ids.CRM"}), "'ids.CRM' is not an identifier: after ids. use up to 32"),
        (lambda: TableOptions("calls", constants={"ids.crm id": "1"}), "'ids.crm id' is not an identifier"),
        (lambda: TableOptions("calls", {"a": "ids."}), "ids.NAME"),
        (lambda: TableOptions("calls", constants={"nope": "1"}), "nope"),
        (lambda: TableOptions("calls", delimiter=";;"), "one character"),
        (lambda: TableOptions("calls", zone="Mars/Olympus"), "Mars/Olympus"),
        (lambda: TableOptions("calls", {"a": "phoen"}), "did you mean 'phone'"),
        (
            lambda: TableOptions("calls", {"mobile": "phone", "landline": "phone"}),
            "two columns, 'mobile' and 'landline'",
        ),
        (lambda: TableOptions("calls", {"a": "ids.crm", "b": "ids.crm"}), "ids.crm is given two columns"),
        (lambda: TableOptions("calls", {"a": "type"}, {"type": "missed"}), "the column 'a' and the value 'missed'"),
        (lambda: TableOptions("calls", delimiter='"'), "quotation mark"),
        (lambda: TableOptions("calls", encoding="latin-2000"), "unknown encoding 'latin-2000'"),
        (lambda: TableOptions("calls", time_unit="hours"), "no unit of time 'hours'"),
        (lambda: TableOptions("calls", time_format="%H:%M"), "is not a format of a time"),
        (lambda: TableOptions("calls", time_unit="s", time_format="%d.%m.%Y"), "name one of them"),
        (lambda: TableOptions("calls", header=("a", "a")), "two columns of one name"),
        (lambda: TableOptions("visits", preset=PRESETS["asterisk"]), "the preset asterisk is of the channel calls"),
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


def test_a_row_over_several_lines_is_named_by_its_first() -> None:
    _, refused = csv_of(f'type,occurred_at,note\nanswered,{WHEN},"two\nlines"\nanswered,never,"two\nlines"\n', CALLS)
    assert isinstance(refused, Reject)
    assert (refused.reason, refused.line_no) == ("bad_time", 4)


def test_a_header_that_is_not_of_the_encoding_is_named() -> None:
    raw = "type;occurred_at;Straße\nanswered;2026-11-28T10:00:00Z;Ring\n".encode("cp1252")
    options = TableOptions("calls", constants={"direction": "inbound"}, delimiter=";")
    with pytest.raises(WrongHeader, match=r"column 3 has bytes that are not UTF-8.*--encoding cp1252"):
        csv_of(raw, options)
    (made,) = touches(csv_of(raw, replace(options, encoding="cp1252")))
    assert made["properties"] == {"Straße": "Ring"}


def test_bytes_that_are_not_of_a_named_encoding_cost_one_row() -> None:
    raw = b"type,occurred_at,agent\nanswered,1709287200000,\x81\nanswered,1709287200000,caf\xe9\n"
    refused, made = csv_of(raw, replace(CALLS, encoding="cp1252"))
    assert isinstance(refused, Reject)
    assert (refused.reason, refused.line_no) == ("undecodable", 2)
    assert "cell 3 (agent) has bytes that are not cp1252" in refused.detail
    assert isinstance(made, Emit)
    assert made.touch["agent"] == "café"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-8-sig"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_tables_of_spreadsheets(encoding: str, end: str) -> None:
    text = end.join(["type\toccurred_at\tphone", f"answered\t{WHEN}\t+4930901852", ""])
    (made,) = touches(csv_of(text.encode(encoding), replace(CALLS, delimiter="\t")))
    assert made["phone"] == "+4930901852"


def test_utf16_without_a_mark_is_named() -> None:
    raw = f"type,occurred_at\nanswered,{WHEN}\n".encode("utf-16-le")
    with pytest.raises(WrongHeader, match="--encoding utf-16-le"):
        csv_of(raw, CALLS)
    assert touches(csv_of(raw, replace(CALLS, encoding="utf-16-le")))


def test_the_first_line_of_excel_names_the_delimiter() -> None:
    for first in ("sep=;", '"sep=;"', "SEP=;"):
        (made,) = touches(csv_of(f"\ufeff{first}\r\ntype;occurred_at\r\nanswered;{WHEN}\r\n", CALLS))
        assert made["type"] == "answered"
    assert len(touches(csv_of(f"sep=,\ntype,occurred_at\nanswered,{WHEN}\n", CALLS))) == 1


def test_columns_without_a_name_must_be_empty() -> None:
    good, bad, other = csv_of(
        f"type,occurred_at,note,,\nanswered,{WHEN},hi,,\nanswered,{WHEN},hi,x,\nanswered,{WHEN},ho, ,\n", CALLS
    )
    assert isinstance(good, Emit)
    assert isinstance(other, Emit)
    assert good.touch["properties"] == {"note": "hi"}
    assert isinstance(bad, Reject)
    assert (bad.reason, bad.line_no) == ("cells", 3)
    assert "cell 4 is 'x'" in bad.detail


def test_row_numbers_in_a_first_column_without_a_name_are_kept() -> None:
    (made,) = touches(csv_of(f",type,occurred_at\n0,answered,{WHEN}\n", CALLS))
    assert made["properties"] == {"": "0"}


def test_blank_lines_before_the_header() -> None:
    skip, made = csv_of(f"\ntype,occurred_at\nanswered,{WHEN}\n", CALLS)
    assert skip == Skip("blank")
    assert isinstance(made, Emit)


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("type;occurred_at", "--delimiter ';'"),
        ("type\toccurred_at", "--delimiter tab"),
        ("type,ocurred_at", "no column is occurred_at.*did you mean 'ocurred_at'"),
        ('"","4930901841","100"', "name the columns, as in --columns A,B,C$"),
        ('type,"occurred_at', "the header is not a row of CSV"),
        ("type,occurred_at,\x1b]0;x\x07", None),
    ],
)
def test_a_header_that_does_not_fit(header: str, words: str | None) -> None:
    if words is None:
        with pytest.raises(WrongHeader) as raised:
            csv_of(f"{header}\n", replace(CALLS, columns={"nope": "phone"}))
        assert str(raised.value).isprintable()
        return
    with pytest.raises(WrongHeader, match=words):
        csv_of(f"{header}\n", CALLS)


def test_a_mapped_column_that_is_not_there_is_named_with_one_that_is() -> None:
    with pytest.raises(WrongHeader, match=r"no column 'recipeint'.*did you mean 'recipient'"):
        csv_of(
            "recipient,type,occurred_at\n", TableOptions("emails", {"recipeint": "email"}, {"direction": "outbound"})
        )


def test_tables_without_a_header() -> None:
    options = replace(CALLS, header=("type", "occurred_at", "caller"), columns={"caller": "phone"})
    first, second = touches(csv_of(f"answered,{WHEN},+493090182\nmissed,{WHEN},+493090183\n", options))
    assert (first["type"], second["phone"]) == ("answered", "+493090183")
    (made,) = touches(csv_of(f"x,answered,y,{WHEN},z\n", replace(CALLS, header=("", "type", "", "occurred_at", ""))))
    assert "properties" not in made
    with pytest.raises(WrongHeader, match="no column 'nope'"):
        csv_of("a,b,c\n", replace(options, columns={"nope": "phone"}))


HOME_AND_WORK = {"caller": "phone", "work_email": "email"}


@pytest.mark.parametrize("turned", [False, True])
def test_a_mapped_column_goes_before_one_of_the_fields_name(turned: bool) -> None:
    columns = ["caller", "phone", "email", "work_email", "type", "occurred_at"]
    cells = ["+4930901830", "+4930901899", "home@example.org", "work@example.org", "answered", WHEN]
    if turned:
        columns, cells = columns[::-1], cells[::-1]
    options = replace(CALLS, columns=HOME_AND_WORK)
    (made,) = touches(csv_of(f"{','.join(columns)}\n{','.join(cells)}\n", options))
    (line,) = touches(jsonl_of(msgspec.json.encode(dict(zip(columns, cells, strict=True))), options))
    for touch in (made, line):
        assert (touch["phone"], touch["email"]) == ("+4930901830", "work@example.org")
        assert touch["properties"] == {"phone": "+4930901899", "email": "home@example.org"}
    assert made == line


def test_an_empty_mapped_cell_is_not_filled_from_a_column_of_the_fields_name() -> None:
    (made,) = touches(
        csv_of(f"caller,phone,type,occurred_at\n,+4930,missed,{WHEN}\n", replace(CALLS, columns={"caller": "phone"}))
    )
    assert "phone" not in made
    assert made["properties"] == {"phone": "+4930"}


def test_two_columns_for_one_property_are_refused() -> None:
    options = replace(CALLS, columns={"tier": "properties.plan"})
    with pytest.raises(WrongHeader, match=r"'tier' and 'plan' are both properties.plan"):
        csv_of(f"tier,plan,type,occurred_at\na,b,missed,{WHEN}\n", options)
    line = {"type": "missed", "occurred_at": WHEN, "tier": "a", "plan": "b"}
    (refused,) = jsonl_of(msgspec.json.encode(line), options)
    assert isinstance(refused, Reject)
    assert refused.reason == "two_values"
    (same,) = touches(jsonl_of(msgspec.json.encode({**line, "plan": "a"}), options))
    assert same["properties"] == {"plan": "a"}


def test_a_mapped_key_goes_before_a_nested_one() -> None:
    line = {"type": "missed", "occurred_at": WHEN, "crm": "7", "ids": {"crm": "8", "erp": "9"}}
    (made,) = touches(jsonl_of(msgspec.json.encode(line), replace(CALLS, columns={"crm": "ids.crm"})))
    assert made["ids"] == {"crm": "7", "erp": "9"}
    assert made["properties"] == {"ids.crm": "8"}


def test_a_mapped_member_of_an_object() -> None:
    line = {"type": "opened", "occurred_at": WHEN, "message": {"headers": {"message-id": "m-1"}}, "a.b": "x"}
    options = TableOptions(
        "emails", {"message.headers.message-id": "message_id", "a.b": "subject"}, {"direction": "outbound"}
    )
    (made,) = touches(jsonl_of(msgspec.json.encode(line), options))
    assert (made["message_id"], made["subject"]) == ("m-1", "x")
    assert made["properties"] == {"message": {"headers": {"message-id": "m-1"}}}


def test_a_value_for_all_rows_gives_way_to_a_column_but_not_to_null() -> None:
    options = TableOptions("calls", constants={"type": "answered", "direction": "inbound"})
    (made,) = touches(csv_of(f"type,occurred_at\nvoice,{WHEN}\n", options))
    assert made["type"] == "voice"
    (made,) = touches(jsonl_of(f'{{"type": null, "occurred_at": "{WHEN}"}}'.encode(), options))
    assert made["type"] == "answered"


@pytest.mark.parametrize("name", ["result", "type"])
def test_words_are_mapped_by_column_or_field(name: str) -> None:
    values = {(name, "answered"): "answered", (name, "no answer"): "missed", (name, "spam"): ""}
    options = replace(CALLS, columns={"result": "type"}, values=values)
    rows = "".join(f"{result},{WHEN}\n" for result in ("ANSWERED", "No Answer", "SPAM", "other"))
    answered, missed, left_out, other = csv_of(f"result,occurred_at\n{rows}", options)
    assert isinstance(answered, Emit)
    assert isinstance(missed, Emit)
    assert isinstance(other, Emit)
    assert [one.touch["type"] for one in (answered, missed, other)] == ["answered", "missed", "other"]
    assert left_out == Skip("left_out")


def test_a_word_that_is_mapped_to_nothing_leaves_out_its_field() -> None:
    options = replace(CALLS, values={("phone", "anonymous"): "", ("vip", "true"): "yes"})
    (made,) = touches(
        jsonl_of(f'{{"type": "missed", "occurred_at": "{WHEN}", "phone": "Anonymous", "vip": true}}', options)
    )
    assert "phone" not in made
    assert made["properties"] == {"vip": "yes"}


def test_words_of_a_column_that_is_not_there_are_named() -> None:
    with pytest.raises(WrongHeader, match=r"--value names 'resutl'.*did you mean 'result'"):
        csv_of("result,type,occurred_at\n", replace(CALLS, values={("resutl", "a"): "b"}))


@pytest.mark.parametrize(("given", "kept"), [("0", "0"), ("7", "7"), ('"x"', "x"), ("7.0", "7.0")])
def test_zero_is_an_event_id(given: str, kept: str) -> None:
    (made,) = touches(jsonl_of(f'{{"event_id": {given}, "type": "missed", "occurred_at": "{WHEN}"}}', CALLS))
    assert made["event_id"] == kept


@pytest.mark.parametrize("given", ["null", '""'])
def test_an_empty_event_id_is_none(given: str) -> None:
    (made,) = touches(jsonl_of(f'{{"event_id": {given}, "type": "missed", "occurred_at": "{WHEN}"}}', CALLS))
    assert len(str(made["event_id"])) == 32


def test_zero_is_a_number() -> None:
    line = (
        f'{{"type": "missed", "occurred_at": "{WHEN}", "customer_id": 0, "duration_s": 0, "ids": {{"crm": 0}}, "n": 0}}'
    )
    (made,) = touches(jsonl_of(line, CALLS))
    assert (made["customer_id"], made["duration_s"], made["ids"], made["properties"]) == (0, 0, {"crm": 0}, {"n": 0})


@pytest.mark.parametrize("value", ["1795852800", "1795852800000000", "46354.4", "20261129010203"])
def test_times_of_another_unit_are_refused_by_name(value: str) -> None:
    for outcome in (
        *csv_of(f"type,occurred_at\nmissed,{value}\n", CALLS),
        *jsonl_of(f'{{"type": "missed", "occurred_at": {value}}}', CALLS),
    ):
        assert isinstance(outcome, Reject)
        assert outcome.reason == "bad_time"
        assert outcome.detail.startswith("occurred_at is ")


def test_times_of_a_named_unit() -> None:
    options = replace(CALLS, time_unit="s")
    (made,) = touches(csv_of("type,occurred_at,sent_at\nmissed,1795852800,1795852801.5\n", options))
    assert (made["occurred_at"], made["sent_at"]) == (1_795_852_800_000, 1_795_852_801_500)


def test_keys_that_no_line_has_are_named() -> None:
    options = TableOptions("emails", {"recipeint": "email", "when": "occurred_at"}, {"direction": "outbound"})
    seen = KeysSeen(options)
    assert seen.trouble() == ""
    list(read_jsonl([b'{"recipient": "ada@example.org"}\n', b'{"when": 1}\n'], options, seen))
    assert "no line has the key 'recipeint'" in seen.trouble()
    assert "did you mean 'recipient'" in seen.trouble()
    list(read_jsonl([b'{"recipeint": null}\n'], options, seen))
    assert seen.trouble() == ""


def test_an_array_of_events_is_refused_with_advice() -> None:
    (refused,) = jsonl_of(b'[{"type": "missed"}]\n', CALLS)
    assert isinstance(refused, Reject)
    assert "one object per line" in refused.detail


def test_half_a_surrogate_nan_and_numbers_too_large_are_refused_by_line() -> None:
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


def test_the_first_of_an_hour_that_happens_twice_and_the_hour_that_is_none() -> None:
    options = replace(CALLS, zone="Europe/Berlin")
    made = touches(csv_of("type,occurred_at\nmissed,2026-10-25 02:30:00\nmissed,2026-03-29 02:30:00\n", options))
    assert [one["occurred_at"] for one in made] == [1_792_888_200_000, 1_774_747_800_000]


@given(st.lists(st.text(st.sampled_from('a",\n;1'), max_size=20), max_size=8))
def test_every_line_of_a_table_is_counted(rows: list[str]) -> None:
    raw = "type,occurred_at\n" + "\n".join(rows)
    outcomes = csv_of(raw, CALLS)
    assert len(outcomes) <= raw.count("\n")
    assert [one.line_no for one in outcomes if isinstance(one, Reject)] == sorted(
        {one.line_no for one in outcomes if isinstance(one, Reject)}
    )

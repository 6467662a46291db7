"""The field of each column: headers, columns without a name, mapped columns."""

from dataclasses import replace

import msgspec
import pytest

from sources.outcome import Emit, Reject
from sources.tables.reader import HeaderError, TableOptions
from tests.sources.tables.reading import CALLS, WHEN, csv_of, jsonl_of, touches


@pytest.mark.parametrize("header", ["who,when\n", "who,when,crm no,who\n"])
def test_the_message_about_a_header_lists_its_columns(header: str) -> None:
    with pytest.raises(HeaderError, match="its header is who, when"):
        csv_of(header + "a,b\n")


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


def test_row_numbers_in_a_first_column_without_a_name_are_a_property() -> None:
    (made,) = touches(csv_of(f",type,occurred_at\n0,answered,{WHEN}\n", CALLS))
    assert made["properties"] == {"": "0"}


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("type;occurred_at", "--delimiter ';'"),
        ("type\toccurred_at", "--delimiter tab"),
        ("type,ocurred_at", "no column is occurred_at.*did you mean 'ocurred_at'"),
        ('"","4930901841","100"', "name the columns, as in --columns A,B,C$"),
        ('type,"occurred_at', "the header is not a row of CSV"),
        ('"type";"occurred_at"', "name what separates its columns with --delimiter ';'"),
        ('"type"\t"occurred_at"', "name what separates its columns with --delimiter tab"),
        ("type,occurred_at,\x1b]0;x\x07", None),
    ],
)
def test_a_header_that_does_not_fit_raises(header: str, words: str | None) -> None:
    if words is None:
        with pytest.raises(HeaderError) as raised:
            csv_of(f"{header}\n", replace(CALLS, columns={"nope": "phone"}))
        assert str(raised.value).isprintable()
        return
    with pytest.raises(HeaderError, match=words):
        csv_of(f"{header}\n", CALLS)


def test_a_similar_column_is_suggested_for_a_missing_one() -> None:
    with pytest.raises(HeaderError, match=r"no column 'recipeint'.*did you mean 'recipient'"):
        csv_of(
            "recipient,type,occurred_at\n", TableOptions("emails", {"recipeint": "email"}, {"direction": "outbound"})
        )


def test_columns_of_a_table_without_a_header_are_given() -> None:
    options = replace(CALLS, header=("type", "occurred_at", "caller"), columns={"caller": "phone"})
    first, second = touches(csv_of(f"answered,{WHEN},+493090182\nmissed,{WHEN},+493090183\n", options))
    assert (first["type"], second["phone"]) == ("answered", "+493090183")
    (made,) = touches(csv_of(f"x,answered,y,{WHEN},z\n", replace(CALLS, header=("", "type", "", "occurred_at", ""))))
    assert "properties" not in made
    with pytest.raises(HeaderError, match="no column 'nope'"):
        csv_of("a,b,c\n", replace(options, columns={"nope": "phone"}))


HOME_AND_WORK = {"caller": "phone", "work_email": "email"}


@pytest.mark.parametrize("turned", [False, True])
def test_a_mapped_column_takes_precedence_over_the_fields_name(turned: bool) -> None:
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


def test_an_empty_mapped_cell_is_not_filled_from_the_fields_name() -> None:
    (made,) = touches(
        csv_of(f"caller,phone,type,occurred_at\n,+4930,missed,{WHEN}\n", replace(CALLS, columns={"caller": "phone"}))
    )
    assert "phone" not in made
    assert made["properties"] == {"phone": "+4930"}


def test_a_mapped_key_takes_precedence_over_a_nested_one() -> None:
    line = {"type": "missed", "occurred_at": WHEN, "crm": "7", "ids": {"crm": "8", "erp": "9"}}
    (made,) = touches(jsonl_of(msgspec.json.encode(line), replace(CALLS, columns={"crm": "ids.crm"})))
    assert made["ids"] == {"crm": "7", "erp": "9"}
    assert made["properties"] == {"ids.crm": "8"}


def test_a_member_of_an_object_can_be_mapped() -> None:
    line = {"type": "opened", "occurred_at": WHEN, "message": {"headers": {"message-id": "m-1"}}, "a.b": "x"}
    options = TableOptions(
        "emails", {"message.headers.message-id": "message_id", "a.b": "subject"}, {"direction": "outbound"}
    )
    (made,) = touches(jsonl_of(msgspec.json.encode(line), options))
    assert (made["message_id"], made["subject"]) == ("m-1", "x")
    assert made["properties"] == {"message": {"headers": {"message-id": "m-1"}}}

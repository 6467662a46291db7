"""`touchline import csv` and `jsonl`: errors before anything is sent, and exit codes."""

import json
from pathlib import Path

import pytest

from tests.touchline.cli.imports.importing import CALLS, REFUSED, WHEN, WRONG_USE, bring_in, trouble

DISPOSITIONS = f"calldate,src,disposition\n{WHEN},+4930901841,ANSWERED\n{WHEN},,NO ANSWER\n{WHEN},anonymous,BUSY\n"
MAPPED = ("--map", "calldate=occurred_at", "--map", "src=phone", "--map", "disposition=type")


def test_types_that_the_channel_does_not_have_stop_the_import() -> None:
    sentence = str(error := trouble(bring_in("csv", DISPOSITIONS, *CALLS, *MAPPED)))
    assert error.code == REFUSED
    assert "calls have no type 'ANSWERED', 'NO ANSWER', 'BUSY': they have answered, missed, abandoned" in sentence
    assert "--value 'type:ANSWERED=answered'" in sentence


def test_words_are_mapped() -> None:
    values = ("disposition:ANSWERED=answered", "type:no answer=missed", "type:BUSY=")
    options = [word for value in values for word in ("--value", value)]
    done = bring_in("csv", DISPOSITIONS, *CALLS, *MAPPED, *options, "--json")
    assert done.exit_code == 0
    (report,) = json.loads(done.stdout).values()
    assert (report["types"], report["skipped"]) == ({"calls/answered": 1, "calls/missed": 1}, {"left_out": 1})
    assert report["notes"] == {"without_identifier": 1}
    assert report["first_ms"] == report["last_ms"] == 1_795_860_000_000


def test_preset_needs_no_further_options() -> None:
    done = bring_in("csv", DISPOSITIONS, "--preset", "asterisk", "--set", "direction=inbound", "--json")
    (report,) = json.loads(done.stdout).values()
    assert report["types"] == {"calls/answered": 1, "calls/missed": 2}


def test_table_of_a_preset_without_a_header() -> None:
    row = f'"","+4930901841","100","c","","a","b","Dial","","{WHEN}","","",49,44,"ANSWERED","DOCUMENTATION"\n'
    options = ("--preset", "asterisk", "--set", "direction=inbound", "--no-header")
    assert "1 line read, 1 touch accepted\n" in bring_in("csv", row, *options).stdout
    error = trouble(bring_in("csv", row, *options[:-1]))
    assert error.code == 1
    assert "name the columns, as in --columns" in str(error)


def test_table_without_a_header() -> None:
    done = bring_in("csv", f"missed;{WHEN}\n", *CALLS, "--columns", "type, occurred_at", "--delimiter", ";")
    assert "1 line read, 1 touch accepted\n" in done.stdout
    done = bring_in("csv", f"missed\t{WHEN}\n", *CALLS, "--columns", "type,occurred_at", "--delimiter", "tab")
    assert done.exit_code == 0


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ((), "choose what the rows are: --channel"),
        (("--preset", "asterisk", "--channel", "emails"), "the preset asterisk is for the channel calls, not emails"),
        ((*CALLS, "--no-header"), "--no-header needs the names of the columns"),
        ((*CALLS, "--map", "a=phone", "--map", "b=phone"), "two columns are mapped to phone, 'a' and 'b'"),
        ((*CALLS, "--map", "a=phone", "--map", "a=email"), "--map names 'a' twice"),
        ((*CALLS, "--map", "a=direction"), "the column 'a' and the value 'inbound'"),
        ((*CALLS, "--value", "type=answered"), "is not of the form NAME:TEXT=WORD"),
        ((*CALLS, "--value", "a:x=1", "--value", "a:X=2"), "--value gives two words for a:X"),
        ((*CALLS, "--encoding", "latin-2000"), "unknown encoding 'latin-2000'"),
        ((*CALLS, "--time-format", "%H:%M"), "is not a time format"),
        ((*CALLS, "--time-unit", "s", "--time-format", "%d.%m.%Y"), "give one of them"),
        ((*CALLS, "--delimiter", "::"), "one character"),
    ],
)
def test_wrong_options(options: tuple[str, ...], words: str) -> None:
    error = trouble(bring_in("csv", "", *options))
    assert error.code == WRONG_USE
    assert words in str(error)


def test_key_that_no_line_has_stops_the_import(tmp_path: Path) -> None:
    line = {"recipient": "ada@example.org", "occurred_at": WHEN, "type": "opened", "direction": "outbound"}
    other = tmp_path / "other.jsonl"
    other.write_text(json.dumps({"phone": "x"}))
    options = ("--channel", "emails", "--map", "recipeint=email", str(other))
    error = trouble(bring_in("jsonl", json.dumps(line), *options))
    assert error.code == 1
    assert "no line has the key 'recipeint'" in str(error)
    assert "(did you mean 'recipient'?). Nothing was sent." in str(error)
    other.write_text(json.dumps({**line, "recipeint": "x@example.org"}))
    assert bring_in("jsonl", json.dumps(line), *options).exit_code == 0


def test_row_that_intake_would_refuse_is_refused_with_its_line() -> None:
    rows = f"missed,{WHEN},-3\nmissed,{WHEN},3\n"
    result = bring_in("csv", f"type,occurred_at,duration_s\n{rows}", *CALLS, "--json")
    (report,) = json.loads(result.stdout).values()
    assert report["emitted"] == {"calls": 1}
    assert [(one["reason"], one["line_no"]) for one in report["rejected_examples"]] == [("bad_value", 2)]

"""Wrong options raise before a file is read."""

from dataclasses import replace

import msgspec
import pytest

from sources.outcome import Reject
from sources.presets import PRESETS
from sources.tables.reader import HeaderError, TableOptions
from tests.sources.tables.reading import CALLS, WHEN, csv_of, jsonl_of, touches


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
            "mapped to phone, 'mobile' and 'landline'",
        ),
        (lambda: TableOptions("calls", {"a": "ids.crm", "b": "ids.crm"}), "two columns are mapped to ids.crm"),
        (lambda: TableOptions("calls", {"a": "type"}, {"type": "missed"}), "the column 'a' and the value 'missed'"),
        (lambda: TableOptions("calls", values={("type", "busy"): "busy"}), "type:busy=busy: calls have no type 'busy'"),
        (lambda: TableOptions("calls", {"Result": "type"}, values={("Result", "busy"): "engaged"}), "Result:busy=eng"),
        (lambda: TableOptions("calls", delimiter='"'), "quotation mark"),
        (lambda: TableOptions("calls", encoding="latin-2000"), "unknown encoding 'latin-2000'"),
        (lambda: TableOptions("calls", time_unit="hours"), "no unit of time 'hours'"),
        (lambda: TableOptions("calls", time_format="%H:%M"), "is not a time format"),
        (lambda: TableOptions("calls", time_unit="s", time_format="%d.%m.%Y"), "give one of them"),
        (lambda: TableOptions("calls", header=("a", "a")), "two columns have one name"),
        (lambda: TableOptions("visits", preset=PRESETS["asterisk"]), "the preset asterisk is for the channel calls"),
    ],
)
def test_wrong_options_raise_with_their_value(make: object, words: str) -> None:
    assert callable(make)
    with pytest.raises(ValueError, match=words):
        make()


def test_two_columns_for_one_property_are_rejected() -> None:
    options = replace(CALLS, columns={"tier": "properties.plan"})
    with pytest.raises(HeaderError, match=r"'tier' and 'plan' are both properties.plan"):
        csv_of(f"tier,plan,type,occurred_at\na,b,missed,{WHEN}\n", options)
    line = {"type": "missed", "occurred_at": WHEN, "tier": "a", "plan": "b"}
    (refused,) = jsonl_of(msgspec.json.encode(line), options)
    assert isinstance(refused, Reject)
    assert refused.reason == "two_values"
    (same,) = touches(jsonl_of(msgspec.json.encode({**line, "plan": "a"}), options))
    assert same["properties"] == {"plan": "a"}

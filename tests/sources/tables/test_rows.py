"""Conversion of rows to touches: constants, replaced values, event ids."""

from dataclasses import replace

import pytest

from sources.outcome import Emit, Reject, Skip
from sources.tables.preset import Preset, TypeRule
from sources.tables.reader import HeaderError, TableOptions
from tests.sources.tables.reading import CALLS, MAILS, WHEN, csv_of, jsonl_of, touches


def test_unmapped_columns_can_be_dropped() -> None:
    options = TableOptions("emails", MAILS.columns, MAILS.constants, keep_unmapped=False)
    (made,) = touches(csv_of(f"who,when,crm no,plan\nann@x.example,{WHEN},17,gold\n", options))
    assert "properties" not in made


def test_ids_of_equal_rows_are_distinct_and_stable() -> None:
    rows = f"a@x.example,{WHEN},1\nb@x.example,{WHEN},2\na@x.example,{WHEN},1\n"
    first = [one["event_id"] for one in touches(csv_of("who,when,crm no\n" + rows))]
    assert len(set(first)) == 3
    longer = [one["event_id"] for one in touches(csv_of("who,when,crm no\n" + rows + f"a@x.example,{WHEN},1\n"))]
    assert longer[:3] == first
    assert longer[3] not in first


def test_equal_rows_of_other_tables_have_other_ids() -> None:
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


def test_a_column_overrides_a_constant_but_null_does_not() -> None:
    options = TableOptions("calls", constants={"type": "answered", "direction": "inbound"})
    (made,) = touches(csv_of(f"type,occurred_at\nvoice,{WHEN}\n", options))
    assert made["type"] == "voice"
    (made,) = touches(jsonl_of(f'{{"type": null, "occurred_at": "{WHEN}"}}'.encode(), options))
    assert made["type"] == "answered"


@pytest.mark.parametrize("name", ["result", "type"])
def test_values_are_replaced_by_column_or_field(name: str) -> None:
    values = {(name, "answered"): "answered", (name, "no answer"): "missed", (name, "spam"): ""}
    options = replace(CALLS, columns={"result": "type"}, values=values)
    rows = "".join(f"{result},{WHEN}\n" for result in ("ANSWERED", "No Answer", "SPAM", "other"))
    answered, missed, left_out, other = csv_of(f"result,occurred_at\n{rows}", options)
    assert isinstance(answered, Emit)
    assert isinstance(missed, Emit)
    assert isinstance(other, Emit)
    assert [one.touch["type"] for one in (answered, missed, other)] == ["answered", "missed", "other"]
    assert left_out == Skip("left_out")


def test_an_empty_replacement_drops_the_field() -> None:
    options = replace(CALLS, values={("phone", "anonymous"): "", ("vip", "true"): "yes"})
    (made,) = touches(
        jsonl_of(f'{{"type": "missed", "occurred_at": "{WHEN}", "phone": "Anonymous", "vip": true}}', options)
    )
    assert "phone" not in made
    assert made["properties"] == {"vip": "yes"}


def test_replacements_in_a_missing_column_raise() -> None:
    with pytest.raises(HeaderError, match=r"--value names 'resutl'.*did you mean 'result'"):
        csv_of("result,type,occurred_at\n", replace(CALLS, values={("resutl", "a"): "b"}))


@pytest.mark.parametrize(("given", "kept"), [("0", "0"), ("7", "7"), ('"x"', "x"), ("7.0", "7.0")])
def test_zero_is_an_event_id(given: str, kept: str) -> None:
    (made,) = touches(jsonl_of(f'{{"event_id": {given}, "type": "missed", "occurred_at": "{WHEN}"}}', CALLS))
    assert made["event_id"] == kept


@pytest.mark.parametrize("given", ["null", '""'])
def test_an_empty_event_id_is_replaced(given: str) -> None:
    (made,) = touches(jsonl_of(f'{{"event_id": {given}, "type": "missed", "occurred_at": "{WHEN}"}}', CALLS))
    assert len(str(made["event_id"])) == 32


ORDERS = TableOptions("orders", constants={"type": "paid"})


def test_amounts_of_money_are_text() -> None:
    line = f'{{"order_id": "O-1", "occurred_at": "{WHEN}", "total": 25.9, "tax": 4, "shipping": "4.90"}}'
    (made,) = touches(jsonl_of(line.encode(), ORDERS))
    assert (made["total"], made["tax"], made["shipping"]) == ("25.9", "4", "4.90")


@pytest.mark.parametrize("total", ["25,90", "1.000,00", "EUR 5", "5."])
def test_amount_that_is_no_number_is_refused(total: str) -> None:
    table = csv_of(f'order_id,occurred_at,total\nO-1,{WHEN},"{total}"\n', ORDERS)
    (refused,) = table
    assert isinstance(refused, Reject)
    assert refused.reason == "bad_number"


def test_time_of_a_channel_is_read_as_other_times_are() -> None:
    options = TableOptions("meetings", constants={"type": "booked"}, time_unit="s")
    (made,) = touches(csv_of("meeting_id,occurred_at,starts_at\nm-1,1770000000,1770112800\n", options))
    assert made["starts_at"] == 1_770_112_800_000


PRESET = Preset(
    name="crm",
    channel="emails",
    columns=(("Trait", "properties.traits.plan"), ("Other", "properties.traits.city"), ("Way", "direction")),
    constants={"type": "sent"},
    customer={"inbound": "From", "outbound": "To"},
    customer_field="email",
    type_column="Way",
    types=(TypeRule("received", {"Way": "in"}), TypeRule("sent", {"Way": "out"})),
    values={"Way": {"in": "inbound", "out": "outbound"}},
    dropped=frozenset({"Body"}),
)


def test_preset_sets_traits_and_the_address_of_the_customer() -> None:
    table = f"Trait,Other,Way,From,To,Body,occurred_at\npro,Rome,in,a@x.example,b@x.example,secret,{WHEN}\n"
    (made,) = touches(csv_of(table, TableOptions("emails", preset=PRESET)))
    assert (made["type"], made["direction"], made["email"]) == ("received", "inbound", "a@x.example")
    assert made["properties"] == {
        "traits": {"plan": "pro", "city": "Rome"},
        "From": "a@x.example",
        "To": "b@x.example",
    }


def test_traits_of_columns_join_those_of_an_object() -> None:
    options = TableOptions("emails", {"plan": "properties.traits.plan"}, {"type": "sent", "direction": "outbound"})
    row = f'{{"properties": {{"traits": {{"name": "Ann"}}}}, "plan": "pro", "occurred_at": "{WHEN}"}}\n'
    (made,) = touches(jsonl_of(row, options))
    assert made["properties"] == {"traits": {"name": "Ann", "plan": "pro"}}


def test_factors_multiply_numbers() -> None:
    preset = replace(
        PRESET, channel="calls", columns=(("Minutes", "duration_s"),), factors={"Minutes": 60}, customer={}
    )
    options = TableOptions("calls", constants={"type": "answered", "direction": "inbound"}, preset=preset)
    (made,) = touches(csv_of(f"Minutes,occurred_at\n1.5,{WHEN}\n", options))
    assert made["duration_s"] == 90
    (made,) = touches(jsonl_of(f'{{"Minutes": 2, "occurred_at": "{WHEN}"}}\n', options))
    assert made["duration_s"] == 120


def test_identity_is_the_event_id() -> None:
    preset = replace(PRESET, identity=("type", "email"))
    table = f"Way,From,To,occurred_at,note\nin,a@x.example,b@x.example,{WHEN},%s\n"
    options = TableOptions("emails", preset=preset)
    (one,), (edited,) = (touches(csv_of(table.replace("%s", note), options)) for note in ("a", "b"))
    assert one["event_id"] == edited["event_id"] == "received:a@x.example"

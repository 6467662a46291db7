"""Mappings in TOML: the shipped ones, and each error with its line."""

import pytest

from sources.hooks.toml_mapping import SHIPPED, TouchRule, check_mapping, read_mapping, rules_of
from tests.house.files import ROOT

RIGHT = '[[touch]]\nchannel = "tickets"\n[touch.fields]\ntype = "s"\noccurred_at = "t"\nticket_id = "id"\n'


def test_all_shipped_mappings_are_right_and_listed() -> None:
    assert sorted(SHIPPED) == sorted(path.stem for path in (ROOT / "sources/hooks/mappings").glob("*.toml"))
    for name in SHIPPED:
        assert check_mapping(name) == ""
        assert all(isinstance(rule, TouchRule) for rule in read_mapping(name))


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", "line 1: mapping: name a file *.toml, or one of cdr,"),
        ("netsuit", "line 1: mapping: name a file *.toml, or one of cdr,"),
        ("[[touch\n", "line 1: mapping: "),
        ("a = 1\n", "line 1: touch: write a table [[touch]]"),
        ("touch = [1]\n", "line 1: touch: write a table [[touch]]"),
        (RIGHT.replace("tickets", "letters"), "line 2: channel: name one of visits,"),
        (RIGHT.replace("channel", "chanel"), "line 2: chanel: is unknown; a touch has channel,"),
        (RIGHT.replace("ticket_id", "tickt_id"), "line 6: fields.tickt_id: is no field of tickets"),
        (RIGHT.replace('"id"', '"id["'), "line 6: fields.ticket_id: "),
        (RIGHT.replace('"id"', "5"), "line 6: fields.ticket_id: write a JMESPath expression"),
        (RIGHT.replace('occurred_at = "t"\n', ""), "line 3: fields: say where occurred_at comes from"),
        (
            RIGHT + '[touch.types]\n"New" = "new"\n',
            "line 8: types.New: 'new' is no type of tickets: use one of opened,",
        ),
        (RIGHT.replace("[touch.f", 'each = "["\n[touch.f'), "line 3: each: "),
        (RIGHT.replace("[touch.f", 'time_zone = "Mars"\n[touch.f'), "line 3: time_zone: no time zone 'Mars'"),
        (RIGHT + RIGHT.replace("ticket_id", "x"), "line 12: fields.x: is no field of tickets"),
        (RIGHT + '"ids.Bad" = "x"\n', "line 7: fields.ids.Bad: is no field of tickets"),
    ],
)
def test_each_error_has_its_line(text: str, error: str) -> None:
    assert error in check_mapping(text)
    assert rules_of(text) == ()


def test_all_errors_are_reported() -> None:
    assert check_mapping(RIGHT.replace("type =", "typ =").replace("tickets", "x")).count("line ") == 2
    assert len(rules_of(RIGHT + RIGHT)) == 2

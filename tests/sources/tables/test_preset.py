"""Rules that give a row its type, by the texts of its columns."""

from sources.tables.preset import LEFT_OUT, POSITIVE, TypeRule, by_value
from tests.tables import table


@table(
    ("conditions", "row", "holds"),
    [
        ({"result": "answered"}, {"result": "ANSWERED"}, True),
        ({"result": "answered"}, {"result": "missed"}, False),
        ({"result": "answered"}, {}, False),
        ({"result": "no*"}, {"result": "No answer"}, True),
        ({"result": "no*"}, {"result": "a no"}, False),
        ({"talk": POSITIVE}, {"talk": "0.5"}, True),
        ({"talk": POSITIVE}, {"talk": "0"}, False),
        ({"talk": POSITIVE}, {"talk": "long"}, False),
        ({"result": "answered", "talk": POSITIVE}, {"result": "answered", "talk": "0"}, False),
        ({}, {}, True),
    ],
)
def test_a_rule_matches_if_all_conditions_hold(conditions: dict[str, str], row: dict[str, str], holds: bool) -> None:
    assert TypeRule("answered", conditions).matches(lambda column: row.get(column, "")) is holds


def test_by_value_makes_rules_of_one_column() -> None:
    assert by_value("Event", {"open": "opened", "probe": LEFT_OUT}) == (
        TypeRule("opened", {"Event": "open"}),
        TypeRule("", {"Event": "probe"}),
    )

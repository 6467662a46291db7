"""The type of groups, their traits, and that they are worth nothing."""

import pytest
from pydantic import ValidationError

from schemas.channels.groups import Group
from schemas.columns import EVENT_HEAD
from streams.rules.evaluator import Match
from tests.schemas.column_types import read_row
from tests.schemas.touches import changed
from tests.streams.intake.reading import default_rules, take


@pytest.mark.parametrize("type_", ["page", "company", None])
def test_other_types(type_: object) -> None:
    with pytest.raises(ValidationError, match="literal_error"):
        Group.model_validate(changed("groups", type=type_))


def test_default_rules_score_no_group() -> None:
    assert default_rules().match({"channel": "groups", "type": "group", "group_id": "x"}) == Match("", 0.0, 0, "")


def test_traits_of_a_group_are_not_of_the_person() -> None:
    traits = {"name": "Acme", "email": "info.desk@acme.example", "phone": "+4930901820", "employees": 120, "gone": None}
    touch = take("groups", changed("groups", customer_id="C-1", group_traits=traits))
    assert (touch.ids, touch.traits) == (("main|customer_id:C-1",), {})
    row = read_row(touch.head, EVENT_HEAD)
    assert row["group_traits"] == {
        "name": "Acme", "email": "info.desk@acme.example", "phone": "+4930901820", "employees": "120"
    }  # fmt: skip
    assert (row["properties"], row["numbers"]) == ({}, {})

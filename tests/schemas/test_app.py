"""The app inside a touch."""

import pytest
from pydantic import ValidationError

from schemas.app import APP_EXAMPLE, App
from schemas.column import APP


def test_members_have_columns_in_their_order() -> None:
    assert [f"app_{name}" for name in App.model_fields] == [column.name for column in APP]


@pytest.mark.parametrize("value", [{}, APP_EXAMPLE, {"name": None}, {"namespace": {"a": [1]}}])
def test_apps(value: dict[str, object]) -> None:
    assert App.model_validate(value)


@pytest.mark.parametrize("value", ["Shop", None, [], {"name": 1}, {"build": 3100}, {"version": "x" * 201}])
def test_other_values(value: object) -> None:
    with pytest.raises(ValidationError):
        App.model_validate(value)

"""The types of visits."""

import pytest
from pydantic import ValidationError

from schemas.channels.visits import Visit
from tests.schemas.touches import changed


@pytest.mark.parametrize("type_", ["page", "click", "form", "download", "search", "identify", "custom"])
def test_types(type_: str) -> None:
    assert Visit.model_validate(changed("visits", type=type_)).type == type_


@pytest.mark.parametrize("type_", ["Page", "view", "", "opened", 1])
def test_other_types(type_: object) -> None:
    with pytest.raises(ValidationError, match="literal_error"):
        Visit.model_validate(changed("visits", type=type_))


def test_a_visit_without_id_is_unique_by_its_place_alone() -> None:
    assert Visit.model_validate(changed("visits")).natural_id() is None

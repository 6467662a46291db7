"""The types and directions of calls."""

import pytest
from pydantic import ValidationError

from schemas.channels.calls import Call
from tests.schemas.touches import changed


@pytest.mark.parametrize("type_", ["answered", "missed", "abandoned", "voicemail"])
@pytest.mark.parametrize("direction", ["inbound", "outbound"])
def test_types(type_: str, direction: str) -> None:
    call = Call.model_validate(changed("calls", type=type_, direction=direction))
    assert (call.type, call.direction) == (type_, direction)


@pytest.mark.parametrize("change", [{"type": "page"}, {"type": None}, {"direction": "in"}, {"direction": None}])
def test_other_types(change: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match="literal_error"):
        Call.model_validate(changed("calls", **change))


def test_a_call_without_id_is_unique_by_its_place_alone() -> None:
    assert Call.model_validate(changed("calls")).natural_id() is None

"""A shape and its contract name the same fields and the same kinds."""

from typing import get_args

import msgspec
import pytest

from schemas.channels import CHANNELS
from schemas.fast_structs import SHAPES


@pytest.mark.parametrize("channel", SHAPES)
def test_shapes_name_what_the_contract_names(channel: str) -> None:
    shape, model = SHAPES[channel], CHANNELS[channel]
    fields = {field.name: field for field in msgspec.structs.fields(shape)}
    assert fields.keys() == model.model_fields.keys()
    assert {n for n, f in fields.items() if f.required} == {n for n, f in model.model_fields.items() if f.is_required()}
    for name in ("type", "direction"):
        if name in fields:
            assert set(get_args(fields[name].type)) == set(get_args(model.model_fields[name].annotation))

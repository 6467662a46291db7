"""A struct of the fast path has the fields and the types of its model."""

from typing import Annotated, get_args

import msgspec
import pytest
from pydantic import StringConstraints

from schemas.channels import CHANNELS
from schemas.fast_structs import STRUCTS, fast_type


@pytest.mark.parametrize("channel", STRUCTS)
def test_struct_has_the_fields_of_the_model(channel: str) -> None:
    struct, model = STRUCTS[channel], CHANNELS[channel]
    fields = {field.name: field for field in msgspec.structs.fields(struct)}
    assert fields.keys() == model.model_fields.keys()
    assert {n for n, f in fields.items() if f.required} == {n for n, f in model.model_fields.items() if f.is_required()}
    for name in ("type", "direction"):
        if name in fields:
            assert set(get_args(fields[name].type)) == set(get_args(model.model_fields[name].annotation))


@pytest.mark.parametrize(
    "hint",
    [
        int,
        str,
        bool,
        list[str],
        dict[str, str] | None,
        Annotated[str, StringConstraints(pattern="a")],
        str | int | None,
    ],
)
def test_field_without_a_rule_is_an_error(hint: object) -> None:
    with pytest.raises((TypeError, ValueError)):
        fast_type(hint)


def test_text_with_a_limit_of_its_own() -> None:
    decode = msgspec.json.Decoder(fast_type(Annotated[str, StringConstraints(max_length=3)] | None)).decode
    assert decode(b'"abc"') == "abc"
    with pytest.raises(msgspec.ValidationError):
        decode(b'"abcd"')

"""The JSON value and the key of a touch."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.messages import encode_touch, message_key

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


@given(st.dictionaries(st.text(), VALUES, max_size=5))
def test_json_decodes_to_the_touch(touch: dict[str, object]) -> None:
    assert json.loads(encode_touch(touch)) == touch


@pytest.mark.parametrize(
    ("touch", "words"),
    [
        ({"duration_s": math.nan}, "duration_s is not a finite number"),
        (
            {"properties": {"list": [1, {"deep": math.inf}]}, "none": None},
            "properties.list.1.deep is not a finite number",
        ),
        ({"who": object()}, "cannot be written as JSON"),
        ({"who": "\ud800"}, "cannot be written as JSON"),
    ],
)
def test_values_without_json_raise(touch: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        encode_touch(touch)


@pytest.mark.parametrize(
    ("touch", "key"),
    [
        ({"customer_id": "42", "email": "a@x.example", "anonymous_id": "v"}, b"customer_id:42"),
        ({"anonymous_id": "v", "email": "a@x.example", "customer_id": ""}, b"email:a@x.example"),
        ({"anonymous_id": "v", "phone": "+49"}, b"phone:+49"),
        ({"anonymous_id": "\ud800"}, b"anonymous_id:?"),
        ({"customer_id": 42}, b"customer_id:42"),
        ({"customer_id": 0, "email": "a@x.example"}, b"customer_id:0"),
        ({"customer_id": None, "ids": {"a": None, "b": 0}}, b"b:0"),
        ({"ids": {"b": "2", "a": "1"}}, b"a:1"),
        ({"ids": {"a": ""}}, b"the id"),
        ({"ids": "text"}, b"the id"),
        ({}, b"the id"),
    ],
)
def test_the_key_is_the_strongest_identifier(touch: dict[str, object], key: bytes) -> None:
    assert message_key(touch, "the id") == key

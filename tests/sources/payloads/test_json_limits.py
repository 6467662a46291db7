"""Depth of JSON text: equal to that of the parsed value, and in linear time for any bytes."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.payloads.json_limits import is_deeper

VALUES = st.recursive(
    st.none() | st.text(alphabet='[]{}"\\ab') | st.integers(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(alphabet='[]{}"\\ab'), inner, max_size=4),
    max_leaves=40,
)


def depth(value: Any) -> int:
    if isinstance(value, dict):
        return 1 + max(map(depth, value.values()), default=0)
    return 1 + max(map(depth, value), default=0) if isinstance(value, list) else 0


@given(VALUES, st.integers(0, 8), st.booleans())
def test_the_depth_is_that_of_the_value(value: Any, deepest: int, ascii_only: bool) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only).encode()
    assert is_deeper(text, deepest) == (depth(value) > deepest)


@pytest.mark.parametrize(
    ("text", "deeper"),
    [
        (b"[" * 32 + b"]" * 32, False),
        (b"[" * 33 + b"]" * 33, True),
        (b'{"a":' * 33 + b"1" + b"}" * 33, True),
        (b'["' + b"[" * 100 + b'"]', False),
        (b'["\\"' + b"[" * 100 + b'"]', False),
        (b"[" * 100, False),  # no JSON, as the parser says
        (b"]" * 100, False),
        (b'"' + b"[]" * 100, False),
        (b"[[]," * 40 + b"1" + b"]" * 40, True),
    ],
)
def test_brackets_count_outside_strings(text: bytes, deeper: bool) -> None:
    assert is_deeper(text, 32) is deeper


@given(st.binary(max_size=200))
def test_no_bytes_raise(text: bytes) -> None:
    assert is_deeper(text, 2) in (True, False)

"""Any bytes are an object or a refusal; the limits are where the contract says."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from schemas.rejected import Reason, Rejected
from streams.intake.json_reader import DEEPEST, read_object
from tests.streams.intake.bad_messages import LIMIT_BYTES, nested, sized
from tests.streams.intake.reading import json_values, texts

GOOD = [
    (b"{}", {}),
    (b' \r\n\t{"a": 1}\n', {"a": 1}),
    (b'{"a": 1, "a": 2}', {"a": 2}),
    (b'{"\\u0000": "\\u0000"}', {"\x00": "\x00"}),
    (b'{"a": "\\ud83d\\ude00"}', {"a": "\U0001f600"}),
    (b'{"a": 1e308, "b": 5e-324, "c": 1e-999}', {"a": 1e308, "b": 5e-324, "c": 0.0}),
    (b'{"a": 18446744073709551616}', {"a": 2**64}),
    (b'{"a": ' + b"1" * 4_000 + b"}", {"a": int("1" * 4_000)}),
]


@pytest.mark.parametrize(("value", "found"), GOOD, ids=range(len(GOOD)))
def test_objects(value: bytes, found: dict[str, Any]) -> None:
    assert read_object(value, LIMIT_BYTES) == found


def test_exactly_as_deep_and_as_large_as_allowed() -> None:
    assert isinstance(read_object(nested(DEEPEST), LIMIT_BYTES), dict)
    assert len(sized(LIMIT_BYTES)) == LIMIT_BYTES
    assert isinstance(read_object(sized(LIMIT_BYTES), LIMIT_BYTES), dict)


def test_brackets_in_texts_are_no_levels() -> None:
    assert isinstance(read_object(b'{"a": "' + b"[{" * 1_000 + b'"}', LIMIT_BYTES), dict)


def test_many_objects_side_by_side_are_not_deep() -> None:
    assert isinstance(read_object(b'{"a": [' + b"{}," * 1_000 + b"{}]}", LIMIT_BYTES), dict)


@given(st.dictionaries(texts, json_values))
@settings(deadline=None)
def test_written_json_is_read(value: dict[str, Any]) -> None:
    assert read_object(json.dumps(value).encode(), LIMIT_BYTES) == value
    assert read_object(json.dumps(value, ensure_ascii=False).encode(), LIMIT_BYTES) == value


def depth(value: object) -> int:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return (1 + max(map(depth, inner), default=0)) if isinstance(value, dict | list) else 0


@given(st.integers(25, 40), st.lists(st.sampled_from(["list", "dict"]), min_size=45, max_size=45))
@settings(deadline=None)
def test_depth_counts_lists_and_objects_alike(levels: int, kinds: list[str]) -> None:
    value: Any = 0
    for kind in kinds[: levels - 1]:
        value = [1, value] if kind == "list" else {"b": 1, "a": value}
    value = {"a": value}
    assert depth(value) == levels
    found = read_object(msgspec.json.encode(value), LIMIT_BYTES)
    assert found == value if levels <= DEEPEST else isinstance(found, Rejected) and found.reason is Reason.TOO_DEEP


@given(st.binary() | texts.map(str.encode) | st.binary().map(lambda some: b'{"a": "' + some + b'"}'))
@settings(deadline=None)
@example(b'{"a": "\xff"}')
@example(b'{"\xf0\x9f": 1}')
@example(b'{"a": ' + b"9" * 4_301 + b"}")
@example(b'{"a":' * 990 + b"\xff")
def test_any_bytes_are_an_object_or_a_refusal(value: bytes) -> None:
    found = read_object(value, LIMIT_BYTES)
    assert found == read_object(value, LIMIT_BYTES)
    if isinstance(found, Rejected):
        assert found.detail
    else:
        assert found == json.loads(value)


@given(st.binary(max_size=50), st.integers(0, 50))
@settings(deadline=None)
def test_the_limit_comes_first(value: bytes, limit: int) -> None:
    found = read_object(value, limit)
    too_large = isinstance(found, Rejected) and found.reason is Reason.TOO_LARGE
    assert too_large is (len(value) > limit)

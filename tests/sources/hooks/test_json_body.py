"""JSON bodies of webhooks."""

import pytest

from sources.hooks.json_body import read_object, read_objects
from sources.hooks.provider import Unmappable

NO_JSON = Unmappable("the body is no JSON")
BAD = [b"", b"{", b"\xff", b'"\xff"', b'"\\ud800"', b"NaN", b"9" * 5_000, b"1e999"]


@pytest.mark.parametrize("body", BAD)
def test_a_body_that_is_no_json(body: bytes) -> None:
    assert read_object(body) == NO_JSON
    assert read_objects(body) == NO_JSON


def test_nesting_is_limited() -> None:
    assert read_object(b"[" * 100_000) == Unmappable("the JSON of the body is nested too deeply")


def test_an_object() -> None:
    assert read_object(b'{"a": [1], "a": 2}') == {"a": 2}
    assert read_object(b"[1]") == Unmappable("the body is JSON, but no object")
    assert read_object(b"null") == Unmappable("the body is JSON, but no object")


def test_objects() -> None:
    assert read_objects(b'[{"a": 1}, 2, {"b": 3}]') == [{"a": 1}, {"b": 3}]
    assert read_objects(b'{"a": 1}') == [{"a": 1}]
    assert read_objects(b"[]") == []
    assert read_objects(b"7") == Unmappable("the body is JSON, but neither an object nor an array")

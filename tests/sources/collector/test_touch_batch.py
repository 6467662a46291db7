"""The touches in a body: one object, an array, an envelope or lines; the first characters decide."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.collector.refusal import Refusal, RefusalReason
from sources.collector.touch_batch import MOST_TOUCHES, TouchBatch, split_touches

A, B = b'{"a":1}', b'{"b": [1, {"c": null}]}'


@pytest.mark.parametrize(
    ("body", "touches", "channel"),
    [
        (A, [A], None),
        (b" \r\n" + A + b"\n", [A], None),
        (b"[" + A + b" , " + B + b"]", [A, B], None),
        (b"[]", [], None),
        (A + b"\n" + B, [A, B], None),
        (A + b"\r\n\r\n" + B + b"\r\n", [A, B], None),
        (A + b"\n" + B + b"\n{broken", [A, B, b"{broken"], None),
        (b'{\n "a": 1\n}', [b'{\n "a": 1\n}'], None),
        (b'{"channel":"visits","touches":[' + A + b"]}", [A], "visits"),
        (b'{"touches":[' + A + b"," + B + b"]}", [A, B], None),
        (b'{"type":"page","touches":3}', [b'{"type":"page","touches":3}'], None),
        (b"{broken", [b"{broken"], None),
        (b"[1,null]", [b"1", b"null"], None),
    ],
)
def test_touches_keep_their_bytes(body: bytes, touches: list[bytes], channel: str | None) -> None:
    assert split_touches(body) == TouchBatch(touches, channel)


def test_a_deep_touch_fails_no_other() -> None:
    deep = b'{"a":' * 100 + b"1" + b"}" * 100
    assert split_touches(b"[" + A + b"," + deep + b"]") == TouchBatch([A, deep])


def test_lines_that_the_content_type_announces_may_hold_anything() -> None:
    body = b"garbage\n" + A + b"\n[1]"
    assert split_touches(body, b"application/x-ndjson; charset=utf-8") == TouchBatch([b"garbage", A, b"[1]"])


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", RefusalReason.NOT_JSON),
        (b" \n ", RefusalReason.NOT_JSON),
        (b"garbage", RefusalReason.NOT_JSON),
        (b"\xef\xbb\xbf" + A, RefusalReason.NOT_JSON),
        (b"[" + A, RefusalReason.NOT_JSON),
        (b"[{broken]", RefusalReason.NOT_JSON),
        (b"[" + A + b"]]", RefusalReason.NOT_JSON),
        (b"[" * 100_000, RefusalReason.TOO_DEEP),
        (b"[" * 5_000 + b"]" * 5_000, RefusalReason.TOO_DEEP),
        (b"[" + b"1," * MOST_TOUCHES + b"1]", RefusalReason.TOO_LARGE),
        (b'{"touches":[' + b"1," * MOST_TOUCHES + b"1]}", RefusalReason.TOO_LARGE),
    ],
)
def test_bodies_without_touches_are_refused(body: bytes, reason: RefusalReason) -> None:
    refusal = split_touches(body)
    assert isinstance(refusal, Refusal)
    assert refusal.reason is reason


def test_a_refusal_quotes_nothing_of_the_body() -> None:
    refusal = split_touches(b'[{"email":"ada@example.org",}]')
    assert isinstance(refusal, Refusal)
    assert refusal.detail == "the array is no valid JSON: (byte 28)"


OBJECTS = st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=9), max_size=4)


@given(st.lists(OBJECTS, min_size=1, max_size=6), st.sampled_from(["array", "lines", "indented"]))
def test_every_form_gives_the_same_touches(touches: list[dict[str, Any]], form: str) -> None:
    if form == "lines":
        body = "\n".join(map(json.dumps, touches))
    else:
        body = json.dumps(touches, indent=2 if form == "indented" else None)
    found = split_touches(body.encode())
    assert isinstance(found, TouchBatch)
    assert [json.loads(touch) for touch in found.touches] == touches

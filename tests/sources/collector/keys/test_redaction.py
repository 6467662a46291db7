"""Write keys are removed from everything that SDKs send, and nothing else changes."""

import json
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.collector.keys.key_format import make_key
from sources.collector.keys.redaction import (
    REDACTED,
    may_contain_key,
    redact_bytes,
    redact_query,
    redact_text,
    remove_keys,
)

KEY = make_key(b"k" * 21)
OTHER = make_key(b"o" * 21)
FOREIGN = "Zk3foreignWriteKey0123456789abcd"  # of another product
texts = st.sampled_from(["", "a", KEY, FOREIGN, f"https://a.example/?k={KEY}", "shop-web"]) | st.text(max_size=10)
names = st.sampled_from(["writeKey", "write_key", "api_key", "aid", "token", "event", KEY])
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=4),
    max_leaves=20,
)


@pytest.mark.parametrize(
    ("payload", "rest"),
    [
        ({"writeKey": KEY, "batch": [{"event": "a", "writeKey": KEY}]}, {"batch": [{"event": "a"}]}),
        ({"write_key": FOREIGN, "WriteKey": "x", "event": "a"}, {"event": "a"}),
        ({"api_key": KEY, "batch": [{"properties": {"token": KEY, "n": 1}}]}, {"batch": [{"properties": {"n": 1}}]}),
        ({"data": [{"aid": KEY, "e": "pv"}]}, {"data": [{"e": "pv"}]}),
        ({"data": [{"aid": FOREIGN, "e": "pv"}]}, {"data": [{"e": "pv"}]}),
        ({"aid": "shop-web"}, {"aid": "shop-web"}),
        ({"event": "a", "tags": [KEY, FOREIGN, "b"]}, {"event": "a", "tags": [REDACTED, REDACTED, "b"]}),
        ({"url": f"https://a.example/?writeKey={KEY}&b=1"}, {"url": f"https://a.example/?writeKey={REDACTED}&b=1"}),
        ({KEY: 1}, {REDACTED: 1}),
        ({"n": 1.5, "t": None, "b": True, "battle": "tl_tl_"}, {"n": 1.5, "t": None, "b": True, "battle": "tl_tl_"}),
        ({"note": f"{OTHER}{KEY}"}, {"note": REDACTED * 2}),
    ],
)
def test_keys_are_removed_from_decoded_json(payload: object, rest: object) -> None:
    assert remove_keys(payload, FOREIGN) == rest


@given(json_values)
def test_no_key_remains_and_a_second_removal_changes_nothing(value: object) -> None:
    rest = remove_keys(value, FOREIGN)
    assert KEY not in json.dumps(rest)
    assert f'"{FOREIGN}"' not in json.dumps(rest).replace(f'"{FOREIGN}":', "")
    assert remove_keys(rest, FOREIGN) == rest


@given(json_values)
def test_a_body_without_a_hint_is_not_changed_by_the_removal(value: object) -> None:
    if not may_contain_key(json.dumps(value).encode(), FOREIGN):
        assert remove_keys(value, FOREIGN) == value


@pytest.mark.parametrize(
    ("body", "may"),
    [
        (f'{{"a":"{KEY}"}}', True),
        (f'{{"a":"{KEY.replace("_", "%5F")}"}}', True),
        (f'{{"a":"{KEY.replace("_", "%5f")}"}}', True),
        (f'{{"a":"{KEY.replace("_", "%5f").replace("%", chr(92) + "u0025")}"}}', True),
        (f'{{"a":"{KEY.replace("t", chr(92) + "u0074", 1)}"}}', True),
        (f'{{"a":"{KEY.replace("_", chr(92) + "u005F")}"}}', True),
        ('{"writeKey":1}', True),
        ('{"WriteKey" :1}', True),
        ('{"write_key":1}', True),
        ('{"api_key":1}', True),
        ('{"apiKey":1}', True),
        ('{"write\\u004bey":1}', True),
        ('{"writeKe\\u0079":1}', True),
        (f'{{"a":"{FOREIGN}"}}', True),
        ('{"url":"https://a.example/?q=50%25&b=blue%20shoes"}', False),
        ('{"url":"https://a.example/?q=1\\u0026b=2","t":"\\u003cb\\u003e"}', False),
        ('{"title":"M\\u00fcller\\n\\"1\\"","monkey":1}', False),
        ('{"title":"little","key":1,"primaryKey":2}', False),
    ],
)
def test_hints_of_keys(body: str, may: bool) -> None:
    assert may_contain_key(body.encode(), FOREIGN if FOREIGN in body else KEY) is may


def test_any_sign_of_a_foreign_key_may_be_escaped() -> None:
    assert may_contain_key(b'{"a":"foreign\\/key"}', "foreign/key")
    assert may_contain_key(b'{"a":"foreign\\u0026key"}', "foreign&key")


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        (f"a {KEY} b", f"a {REDACTED} b"),
        (f"k={KEY.replace('_', '%5F')}", f"k={REDACTED}"),
        (f"k={KEY.replace('_', '%5f')}", f"k={REDACTED}"),
        (KEY[:-1], KEY[:-1]),
        ("little", "little"),
        ("", ""),
    ],
)
def test_keys_inside_texts_are_replaced(text: str, redacted: str) -> None:
    assert redact_text(text) == redacted
    assert redact_bytes(text.encode()) == redacted.encode()


def test_bytes_that_are_no_text_keep_everything_but_the_key() -> None:
    assert redact_bytes(b"\xff\x00{" + KEY.encode() + b"\xfe") == b"\xff\x00{" + REDACTED.encode() + b"\xfe"


@pytest.mark.parametrize(
    ("query", "rest"),
    [
        (f"writeKey={KEY}", ""),
        (f"e=pv&aid={KEY}&p=web", "e=pv&p=web"),
        (f"e=pv&aid={FOREIGN}&p=web", "e=pv&p=web"),
        ("e=pv&aid=shop-web", "e=pv&aid=shop-web"),
        (f"write%4Bey={KEY}&a=%20+", "a=%20+"),
        (f"k={KEY.replace('_', '%5F')}&a", "a"),
        ("api_key=&a=1", "a=1"),
        (f"url=https%3A%2F%2Fa.example%2F%3Fk%3D{KEY}&b", f"url=https%3A%2F%2Fa.example%2F%3Fk%3D{REDACTED}&b"),
        ("", ""),
        ("a&&b=\xff", "a&&b=\xff"),
    ],
)
def test_parameters_with_keys_are_removed_from_a_query(query: str, rest: str) -> None:
    assert redact_query(query.encode("latin-1"), FOREIGN) == rest.encode("latin-1")


@given(st.lists(st.tuples(names, texts), max_size=6))
def test_other_parameters_stay_as_they_were(parameters: list[tuple[str, str]]) -> None:
    query = urlencode(parameters).encode()
    rest = parse_qsl(redact_query(query, FOREIGN).decode(), keep_blank_values=True)
    assert all(value not in (KEY, FOREIGN) for _, value in rest)
    kept = [(n, v) for n, v in parameters if n not in ("writeKey", "write_key", "api_key") and v not in (KEY, FOREIGN)]
    assert rest == [(redact_text(name), redact_text(value)) for name, value in kept]

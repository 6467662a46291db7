"""Invalid messages of every kind, with the reason and the beginning of the detail of their refusal."""

import json
from typing import Any, Final, NamedTuple

from schemas.channels import CHANNELS
from schemas.rejected import Reason
from tests.schemas.touches import SAMPLES, as_bytes, changed, without

LIMIT_BYTES: Final = 262_144


class Bad(NamedTuple):
    """A message for `channel` and its refusal."""

    name: str
    channel: str
    value: bytes | None
    reason: Reason
    detail: str


def nested(levels: int) -> bytes:
    """A good call whose JSON is `levels` deep: the touch is the first, its properties the second."""
    deep = "[" * (levels - 2) + "]" * (levels - 2)
    return as_bytes(changed("calls", properties="@")).replace(b'"@"', b'{"a": ' + deep.encode() + b"}")


def sized(size_bytes: int) -> bytes:
    """A good call of exactly that many bytes."""
    empty = len(as_bytes(changed("calls", properties={"a": ""})))
    return as_bytes(changed("calls", properties={"a": "x" * (size_bytes - empty)}))


def numbered(number: str) -> bytes:
    """A call with a property that is that number, as it is written."""
    return as_bytes(changed("calls", properties={"a": "@"})).replace(b'"@"', number.encode())


def _wire() -> list[Bad]:
    not_utf8, not_json, finite = Reason.NOT_UTF8, Reason.NOT_JSON, Reason.NOT_FINITE
    an_object, deep, large = Reason.NOT_AN_OBJECT, Reason.TOO_DEEP, Reason.TOO_LARGE
    return [
        Bad("latin 1", "calls", '{"type": "é"}'.encode("latin-1"), not_utf8, "byte 10 is not UTF-8"),
        Bad("broken key", "calls", b'{"\xff": 1}', not_utf8, "byte 2 is not UTF-8"),
        Bad("half a pair in UTF-8", "calls", b'{"a": "\xed\xa0\x80"}', not_utf8, "byte 7 is not UTF-8"),
        Bad("overlong", "calls", b'{"a": "\xc0\x80"}', not_utf8, "byte 7 is not UTF-8"),
        Bad("UTF-16", "calls", "{}".encode("utf-16"), not_utf8, "byte 0 is not UTF-8"),
        Bad("gzip", "calls", b"\x1f\x8b\x08\x00\x00\x00", not_utf8, "byte 1 is not UTF-8"),
        Bad("text", "calls", b"hello", not_json, "line 1, column 1: "),
        Bad("blank", "calls", b" \n ", not_json, "line 2, column 2: "),
        Bad("cut short", "calls", b'{"type": "missed", ', not_json, "line 1, column "),
        Bad("two at once", "calls", b"{}\n{}", not_json, "line 2, column 1: "),
        Bad("a comma too many", "calls", b'{"a": 1,}', not_json, "line 1, column "),
        Bad("single quotes", "calls", b"{'a': 1}", not_json, "line 1, column 2: "),
        Bad("a raw U+0000", "calls", b'{"a": "\x00"}', not_json, "line 1, column 8: "),
        Bad("a raw line break", "calls", b'{"a": "\n"}', not_json, "line 1, column 8: "),
        Bad("byte order mark", "calls", b"\xef\xbb\xbf{}", not_json, "begins with a byte order mark"),
        Bad("half a pair", "calls", b'{"a": "\\ud800"}', not_json, "a text has half a surrogate pair"),
        Bad("the other half", "calls", b'{"\\udc00": 1}', not_json, "a text has half a surrogate pair"),
        Bad("leading zero", "calls", b'{"a": 01}', not_json, "line 1, column "),
        Bad("NaN", "calls", numbered("NaN"), finite, "NaN is not a number of JSON"),
        Bad("Infinity", "calls", numbered("Infinity"), finite, "Infinity is not a number of JSON"),
        Bad("-Infinity", "calls", numbered("-Infinity"), finite, "-Infinity is not a number of JSON"),
        Bad("1e999", "calls", numbered("1e999"), finite, "the number 1e999 is too large"),
        Bad("-1e999", "calls", numbered("-1e999"), finite, "the number -1e999 is too large"),
        Bad("400 digits", "calls", numbered("1" * 400 + ".0"), finite, "the number 11111111111111111111 is too large"),
        Bad("5,000 digits", "calls", numbered("1" * 5_000), finite, "a whole number of thousands of digits"),
        Bad("tombstone", "calls", None, an_object, "the message is empty"),
        Bad("empty", "calls", b"", an_object, "the message is empty"),
        Bad("null", "calls", b"null", an_object, "a JSON NoneType"),
        Bad("number", "calls", b"1", an_object, "a JSON int"),
        Bad("list", "calls", b"[{}]", an_object, "a JSON list"),
        Bad("33 levels", "calls", nested(33), deep, "nested deeper than 32 levels"),
        Bad("33 objects", "calls", b'{"a":' * 32 + b"{}" + b"}" * 32, deep, "nested deeper than 32 levels"),
        Bad("a thousand levels", "calls", nested(1_000), deep, "nested deeper than 32 levels"),
        Bad("many levels", "calls", nested(100_000), deep, "nested deeper than 32 levels"),
        Bad("levels without end", "calls", b"[" * 100_000, deep, "nested deeper than 32 levels"),
        Bad("one byte too many", "calls", sized(LIMIT_BYTES + 1), large, f"{LIMIT_BYTES + 1} bytes; the limit is"),
        Bad("bytes of no sense", "calls", b"\xff" * (LIMIT_BYTES + 1), large, f"{LIMIT_BYTES + 1} bytes; the limit is"),
    ]


def _field(channel: str, reason: Reason, field: str, value: object) -> Bad:
    name = f"{channel} {field} {json.dumps(value)[:40]}"
    return Bad(name, channel, as_bytes(changed(channel, **{field: value})), reason, field)


def _fields() -> list[Bad]:
    long_id, bad_id, wrong_type = "x" * 201, Reason.BAD_ID, Reason.WRONG_TYPE
    cases: list[tuple[str, Reason, str, list[Any]]] = [
        ("visits", Reason.UNKNOWN_TYPE, "type", ["opened", "Page", "", 7, ["page"]]),
        ("emails", Reason.UNKNOWN_TYPE, "type", ["page"]),
        ("calls", Reason.UNKNOWN_TYPE, "type", ["page"]),
        ("calls", Reason.UNKNOWN_VERSION, "schema_version", [2, 0, -1, 10**30, "1", 1.0, True]),
        ("calls", wrong_type, "occurred_at", [True, [], {}]),
        ("calls", wrong_type, "event_id", [True, 1.5, ["a"]]),
        ("calls", wrong_type, "ids", ["x", []]),
        ("calls", wrong_type, "phone", [4930901820]),
        ("visits", wrong_type, "url", [7, {}, ["https://a.example/"]]),
        ("calls", Reason.BAD_VALUE, "duration_s", [-1, -0.001]),
        ("calls", Reason.BAD_VALUE, "wait_s", [-1]),
        ("visits", Reason.BAD_VALUE, "engaged_ms", [-1]),
        ("calls", Reason.BAD_VALUE, "direction", ["in", ""]),
        ("calls", Reason.BAD_VALUE, "tenant", ["Main", "a b", "", "a" * 65]),
        ("calls", Reason.BAD_VALUE, "ids", [{"CRM": "1"}, {"": "1"}]),
        (
            "visits",
            Reason.BAD_URL,
            "url",
            ["/cart", "shop.example.org", "ftp://a.example/", "https://u:p@a.example/"],
        ),
        ("visits", Reason.BAD_URL, "url", ["mailto:ada@example.org", "tel:+4930901820", "android-app://a.example/"]),
        ("calls", Reason.BAD_EMAIL, "email", ["ada", "ada@", "ada@localhost", '"a b"@example.org', "a@b@c..org"]),
        ("calls", Reason.BAD_PHONE, "phone", ["+49", "+999 123456", "12", "+49 30 901864 Axel", "sip:ada@example.org"]),
        ("calls", Reason.BAD_TIME, "occurred_at", ["yesterday", "31.01.2026", "1769860800000", ""]),
        ("calls", Reason.BAD_TIME, "occurred_at", [1_769_860_800, 1_769_860_800.5, 1_769_860_800_000_000, 20_260_131]),
        ("calls", Reason.BAD_TIME, "occurred_at", [0, -1, 1.5, 10**30, -(10**30), "1970-01-01T00:00:00Z"]),
        ("calls", Reason.BAD_TIME, "occurred_at", ["9999-12-31T23:59:59Z", "2070-01-01T00:00:00Z"]),
        ("calls", Reason.NO_ZONE, "occurred_at", ["2026-01-31T09:30:00", "2026-01-31"]),
        ("calls", bad_id, "event_id", [long_id, "a\x00b", "a\nb", "\x7f", "a\x9fb", 10**200]),
        ("calls", bad_id, "customer_id", [long_id, "a\x00b", "a\u2028b"]),
        ("calls", bad_id, "anonymous_id", [long_id, "\x01"]),
        ("calls", bad_id, "email", ["x" * 190 + "@example.org"]),
        ("emails", bad_id, "message_id", [long_id, "a\tb"]),
        ("calls", bad_id, "ids", [{"crm": long_id}, {"other": "a\x00"}]),
    ]
    cases += [(channel, *invalid) for channel, samples in SAMPLES.items() for invalid in samples.invalid]
    return [_field(channel, reason, field, value) for channel, reason, field, values in cases for value in values]


def _missing() -> list[Bad]:
    absent = [
        (channel, name, without(channel, name))
        for channel, model in CHANNELS.items()
        for name, field in model.model_fields.items()
        if field.is_required()
    ]
    nulls = [("visits", "url", changed("visits", url=None)), ("calls", "type", changed("calls", type=None))]
    return [
        Bad(f"{channel} without {field} {number}", channel, as_bytes(touch), Reason.MISSING_FIELD, f"{field}: ")
        for number, (channel, field, touch) in enumerate([*absent, *nulls])
    ]


BAD: Final = [*_wire(), *_fields(), *_missing()]

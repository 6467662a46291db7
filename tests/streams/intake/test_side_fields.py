"""A side field that cannot be read is kept among the properties, and the touch counts."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.channels import CHANNELS
from schemas.columns import EVENT_HEAD
from schemas.flags import Flag
from schemas.rejected import Reason
from schemas.touch import Touch
from streams.intake.decoder import decode
from streams.intake.side_fields import NEVER_ASIDE, without_nulls
from tests.scale import scaled
from tests.schemas.column_types import read_row
from tests.schemas.touches import FULL, as_bytes, changed
from tests.streams.intake.reading import CONFIG, RECEIVED_MS, channels, json_values, raw_record, refuse, take
from tests.tables import table

WHO = {"customer_id": "C-1"}


def row_of(touch: Touch) -> dict[str, Any]:
    return read_row(touch.head, EVENT_HEAD)


LONG = "x" * 8_001
BAD_FIELDS: list[tuple[str, str, Any, str]] = [
    ("visits", "title", 5, "5"),
    ("visits", "title", LONG, LONG),
    ("visits", "referrer", ["https://a.example/"], '["https://a.example/"]'),
    ("visits", "user_agent", {"ua": "x"}, '{"ua":"x"}'),
    ("visits", "ip", 7, "7"),
    ("visits", "ip", "x" * 201, "x" * 201),
    ("visits", "screen", {"w": 1920}, '{"w":1920}'),
    ("visits", "engaged_ms", "abc", "abc"),
    ("visits", "engaged_ms", True, "true"),
    ("emails", "link_url", "mailto:ada@example.org", "mailto:ada@example.org"),
    ("emails", "link_url", "tel:+4930901820", "tel:+4930901820"),
    ("emails", "link_url", "sms:+4930901820", "sms:+4930901820"),
    ("emails", "link_url", "#top", "#top"),
    ("emails", "link_url", "javascript:void(0)", "javascript:void(0)"),
    ("emails", "link_url", "https://ada:secret@a.example/", "https://ada:secret@a.example/"),
    ("emails", "link_url", "{{ link }}", "{{ link }}"),
    ("emails", "subject", 5, "5"),
    ("emails", "campaign", 2026, "2026"),
    ("calls", "duration_s", "5", "5"),
    ("calls", "wait_s", "00:01:30", "00:01:30"),
    ("calls", "queue", "x" * 201, "x" * 201),
    ("calls", "agent", 12, "12"),
    ("calls", "outcome", ["done"], '["done"]'),
    ("calls", "source", 1, "1"),
    ("calls", "properties", "x", "x"),
    ("calls", "properties", [1], "[1]"),
    ("calls", "sent_at", "yesterday", "yesterday"),
    ("calls", "sent_at", "2026-01-31 09:30", "2026-01-31 09:30"),
    ("calls", "sent_at", RECEIVED_MS // 1_000, str(RECEIVED_MS // 1_000)),
    ("calls", "sent_at", RECEIVED_MS * 1_000, str(RECEIVED_MS * 1_000)),
    ("calls", "sent_at", 0, "0"),
    ("calls", "sent_at", "1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z"),
    ("calls", "sent_at", "9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"),
    ("calls", "sent_at", True, "true"),
]


@table(("channel", "field", "value", "kept"), BAD_FIELDS)
@table("who", [WHO, {}])
def test_a_bad_side_field_is_among_the_properties(
    channel: str, field: str, value: Any, kept: str, who: dict[str, Any]
) -> None:
    plain = row_of(take(channel, changed(channel, event_id="e", **who)))
    row = row_of(take(channel, changed(channel, event_id="e", **who, **{field: value})))
    assert row["properties"] == {field: kept}
    assert row["flags"] == [Flag.BAD_FIELD]
    assert {name for name in row if row[name] != plain[name]} == {"properties", "flags"}


BAD_NAMES: list[tuple[str, Any, str, Reason]] = [
    ("email", "ada", "ada", Reason.BAD_EMAIL),
    ("email", "ada@localhost", "ada@localhost", Reason.BAD_EMAIL),
    ("email", ["ada@example.org"], '["ada@example.org"]', Reason.WRONG_TYPE),
    ("email", LONG, LONG, Reason.BAD_VALUE),
    ("email", "ada\x00@example.org", "ada\x00@example.org", Reason.BAD_ID),
    ("phone", "12", "12", Reason.BAD_PHONE),
    ("phone", "+49 30 901864 Axel", "+49 30 901864 Axel", Reason.BAD_PHONE),
    ("phone", 4930901820, "4930901820", Reason.WRONG_TYPE),
    ("anonymous_id", "a\x00b", "a\x00b", Reason.BAD_ID),
    ("anonymous_id", 1.5, "1.5", Reason.WRONG_TYPE),
    ("ids", {"CRM": 7}, '{"CRM":7}', Reason.BAD_VALUE),
    ("ids", {"": "7"}, '{"":"7"}', Reason.BAD_VALUE),
    ("ids", {"crm": ["7"]}, '{"crm":["7"]}', Reason.WRONG_TYPE),
    ("ids", {"crm": "x" * 201}, json.dumps({"crm": "x" * 201}, separators=(",", ":")), Reason.BAD_ID),
    ("ids", {"crm": "a\u2028b"}, '{"crm":"a\u2028b"}', Reason.BAD_ID),
    ("ids", {"loyalty": True}, '{"loyalty":true}', Reason.WRONG_TYPE),
    ("ids", {"email": "ada"}, '{"email":"ada"}', Reason.BAD_EMAIL),
    ("ids", "crm:7", "crm:7", Reason.WRONG_TYPE),
    ("ids", ["7"], '["7"]', Reason.WRONG_TYPE),
]


@pytest.mark.parametrize(("field", "value", "kept", "reason"), BAD_NAMES)
def test_a_bad_identifier_beside_a_good_one(field: str, value: Any, kept: str, reason: Reason) -> None:
    touch = take("calls", changed("calls", event_id="e", **WHO, **{field: value}))
    assert touch.ids == ("main|customer_id:C-1",)
    row = row_of(touch)
    assert (row["properties"], row["flags"]) == ({field: kept}, [Flag.BAD_FIELD])


@table(("field", "value", "kept", "reason"), BAD_NAMES)
@table("other", [{}, {"customer_id": "null"}, {"anonymous_id": "{{id}}"}])
def test_a_bad_identifier_without_a_good_one_is_refused(
    field: str, value: Any, kept: str, reason: Reason, other: dict[str, Any]
) -> None:
    refused = refuse("calls", changed("calls", **(other | {field: value})))
    assert refused.reason is reason
    names = [field, *value] if isinstance(value, dict) else [field]
    assert any(refused.detail.startswith(name) for name in names if name)


def test_good_entries_of_ids_stay_beside_bad_ones() -> None:
    touch = take("calls", changed("calls", ids={"crm": "7", "CRM": "8", "loyalty": [], "shop": "9", "gone": None}))
    row = row_of(touch)
    assert touch.ids == ("main|crm:7",)
    assert (row["ids"], row["properties"]) == ({"shop": "9"}, {"ids": '{"CRM":"8","loyalty":[]}'})


def test_several_bad_fields_at_once() -> None:
    row = row_of(take("calls", changed("calls", **WHO, email="ada", phone="12", queue=7, duration_s="x", sent_at="x")))
    assert row["properties"] == {"email": "ada", "phone": "12", "queue": "7", "duration_s": "x", "sent_at": "x"}


@pytest.mark.parametrize(
    ("channel", "changes", "reason"),
    [
        ("calls", {"event_id": 1.5}, Reason.WRONG_TYPE),
        ("calls", {"tenant": "Main"}, Reason.BAD_VALUE),
        ("calls", {"schema_version": "1"}, Reason.UNKNOWN_VERSION),
        ("calls", {"type": "page"}, Reason.UNKNOWN_TYPE),
        ("calls", {"occurred_at": "yesterday"}, Reason.BAD_TIME),
        ("calls", {"direction": "in"}, Reason.BAD_VALUE),
        ("visits", {"url": "mailto:ada@example.org"}, Reason.BAD_URL),
        ("visits", {"url": ""}, Reason.MISSING_FIELD),
        ("visits", {"url": None, "title": 7}, Reason.MISSING_FIELD),
        ("visits", {"engaged_ms": -1}, Reason.BAD_VALUE),
        ("calls", {"duration_s": -1}, Reason.BAD_VALUE),
        ("emails", {"message_id": "a\tb"}, Reason.BAD_ID),
        ("emails", {"message_id": 1.5, "event_id": ""}, Reason.WRONG_TYPE),
    ],
)
def test_message_with_a_bad_required_field_is_refused_with_all_errors(
    channel: str, changes: dict[str, Any], reason: Reason
) -> None:
    assert refuse(channel, changed(channel, **WHO, **changes)).reason is reason
    both = refuse(channel, changed(channel, **WHO, source=7, **changes))
    assert both.reason in (reason, Reason.WRONG_TYPE)
    assert "source" in both.detail or reason in (Reason.BAD_URL, Reason.UNKNOWN_VERSION)


def test_a_message_id_is_a_side_field_where_the_event_has_an_id() -> None:
    row = row_of(take("emails", changed("emails", event_id="e", message_id="a\tb")))
    assert (row["message_id"], row["properties"]) == ("", {"message_id": "a\tb"})


EMPTY: list[tuple[str, dict[str, Any]]] = [
    ("emails", {"link_url": ""}),
    ("emails", {"link_url": " \n"}),
    ("emails", {"message_id": ""}),
    ("visits", {"engaged_ms": ""}),
    ("visits", {"referrer": "", "title": "", "user_agent": "", "ip": "", "screen": ""}),
    ("calls", {"sent_at": ""}),
    ("calls", {"duration_s": "", "wait_s": " "}),
    ("calls", {"ids": ""}),
    ("calls", {"ids": {"crm": None, "CRM": None}}),
    ("calls", {"properties": ""}),
]


@pytest.mark.parametrize(("channel", "changes"), EMPTY)
def test_an_empty_field_is_a_field_left_out(channel: str, changes: dict[str, Any]) -> None:
    assert take(channel, changed(channel, **changes)) == take(channel, changed(channel))


def test_only_null_and_blank_fields_are_left_out() -> None:
    message = {"a": None, "b": "", "link_url": " ", "queue": "", "ids": {"crm": None, "x": ""}}
    assert without_nulls(message) == {"b": "", "queue": "", "ids": {"x": ""}}
    same = {"a": 1, "ids": {"x": "1"}}
    assert without_nulls(same) is same


def test_clicks_on_links_that_are_no_pages_stay_two() -> None:
    mail = changed("emails", type="clicked", message_id="1", email="ada@example.org")
    one, other = (take("emails", mail | {"link_url": link}) for link in ("mailto:a@a.example", "tel:+4930901820"))
    assert one.event_id != other.event_id
    assert take("emails", mail | {"link_url": "tel:+4930901820"}, offset=99).event_id == other.event_id


SPELLINGS: list[dict[str, Any]] = [
    {"email": "Ada@Example.org"},
    {"email": "Ada <ada@example.org>"},
    {"message_id": "1@m.example"},
    {"message_id": " <1@m.example>\n"},
    {"link_url": "HTTPS://Shop.Example/x"},
]


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_retry_in_another_spelling_is_the_same_event(spelling: dict[str, Any]) -> None:
    mail = {"message_id": "<1@m.example>", "email": "ada@example.org", "link_url": "https://shop.example/x"}
    first = take("emails", changed("emails", type="clicked", **mail))
    again = take("emails", changed("emails", type="clicked", **(mail | spelling)), offset=99)
    assert again.event_id == first.event_id
    assert again.ids == first.ids


# Bad money is refused, as a negative amount is.
MONEY_FIELDS = {"total", "discount", "tax", "shipping", "currency"}
_side = {
    channel: sorted(
        name
        for name, field in CHANNELS[channel].model_fields.items()
        if not field.is_required()
        and name not in {*NEVER_ASIDE, "customer_id", "message_id"}
        and name not in CHANNELS[channel].REQUIRED_BY
        and name not in MONEY_FIELDS
    )
    for channel in CHANNELS
}


@st.composite
def garbage(draw: st.DrawFn, channel: str) -> dict[str, Any]:
    """A good touch with a good identifier and any values in its side fields."""
    values = json_values.filter(
        lambda value: isinstance(value, bool) or not isinstance(value, int | float) or value >= 0
    )
    return FULL[channel] | draw(st.dictionaries(st.sampled_from(_side[channel]), values, min_size=1, max_size=5))


@given(st.data(), channels)
@settings(max_examples=scaled(300), deadline=None)
def test_whatever_is_in_its_side_fields_a_touch_with_a_good_identifier_is_kept(
    data: st.DataObject, channel: str
) -> None:
    found = decode(raw_record(channel, as_bytes(data.draw(garbage(channel)))), CONFIG)
    assert isinstance(found, Touch)
    assert "main|customer_id:C-1001" in found.ids

"""The types of visits, and touches without a page."""

import pytest
from pydantic import ValidationError

from schemas.channels.visits import Visit
from schemas.columns import EVENT_HEAD
from schemas.pings import Ping
from schemas.rejected import Reason
from streams.intake.decoder import decode
from streams.rules.evaluator import Match
from tests.schemas.column_types import read_row
from tests.schemas.touches import as_bytes, changed
from tests.streams.intake.fast_reading import agree
from tests.streams.intake.reading import CONFIG, default_rules, raw_record, refuse, take


@pytest.mark.parametrize("type_", ["page", "click", "form", "download", "search", "identify", "custom", "screen"])
def test_types(type_: str) -> None:
    assert Visit.model_validate(changed("visits", type=type_)).type == type_


@pytest.mark.parametrize("type_", ["Page", "view", "", "opened", 1])
def test_other_types(type_: object) -> None:
    with pytest.raises(ValidationError, match="literal_error"):
        Visit.model_validate(changed("visits", type=type_))


@pytest.mark.parametrize("type_", ["custom", "identify", "screen"])
def test_types_without_a_page(type_: str) -> None:
    touch = take(
        "visits", {"type": type_, "occurred_at": "2026-01-31T09:30:00Z", "customer_id": "C-1", "name": "Start"}
    )
    row = read_row(touch.head, EVENT_HEAD)
    assert (touch.page, touch.source, touch.medium, touch.campaign, touch.bot) == ("", "", "", "", False)
    assert (row["name"], row["url"], row["url_host"], row["url_path"]) == ("Start", "", "", "")
    assert (row["referrer_class"], row["lead_source"], row["flags"]) == ("", "", ["derived_id"])


@pytest.mark.parametrize("type_", ["page", "click", "form", "download", "search"])
def test_types_that_need_a_page(type_: str) -> None:
    refused = refuse("visits", {"type": type_, "occurred_at": "2026-01-31T09:30:00Z", "customer_id": "C-1"})
    assert (refused.reason, refused.detail) == (Reason.MISSING_FIELD, "url: required, and missing")


def test_address_of_an_app_is_set_aside() -> None:
    touch = take("visits", changed("visits", type="screen", url="app://basket"))
    row = read_row(touch.head, EVENT_HEAD)
    assert (touch.page, row["url"], row["flags"]) == ("", "", ["derived_id", "bad_field"])
    assert row["properties"] == {"url": "app://basket"}


def test_referrer_of_a_touch_without_a_page_is_no_source() -> None:
    touch = take("visits", changed("visits", type="custom", url=None, referrer="https://www.google.com/"))
    row = read_row(touch.head, EVENT_HEAD)
    assert (touch.source, row["referrer_host"], row["referrer_class"]) == ("", "www.google.com", "")


def test_bad_member_of_an_app_is_set_aside_without_the_others() -> None:
    touch = take("visits", changed("visits", type="screen", app={"name": "Shop", "build": 3100, "id": 7}))
    row = read_row(touch.head, EVENT_HEAD)
    assert (row["app_name"], row["app_build"]) == ("Shop", "")
    assert row["properties"] == {"app": '{"id":7,"build":3100}'}


@pytest.mark.parametrize(
    ("touch", "expected"),
    [
        ({"type": "screen"}, Match("screen_view", 1.0, 20, "pages")),
        ({"type": "custom", "name": "Signed Up"}, Match("signed_up", 50.0, 1, "signed_up")),
        ({"type": "custom", "name": "Signed up"}, Match("", 0.0, 0, "")),
        ({"type": "identify", "name": "Signed Up"}, Match("", 0.0, 0, "")),
    ],
)
def test_default_rules_without_a_page(touch: dict[str, str], expected: Match) -> None:
    assert default_rules().match({"channel": "visits", **touch}) == expected


def test_schema_requires_a_page_by_type() -> None:
    condition = Visit.model_json_schema()["allOf"][0]
    assert condition["if"]["properties"]["type"]["enum"] == ["click", "download", "form", "page", "search"]
    assert condition["then"] == {"required": ["url"], "properties": {"url": {"not": {"type": "null"}}}}


PING = {"type": "ping", "occurred_at": "2026-01-31T09:30:00Z", "page_id": 7, "engaged_ms": 41_500.5}


@pytest.mark.parametrize(
    ("fields", "to"),
    [
        ({"anonymous_id": "v"}, "main|anonymous_id:v"),
        ({"anonymous_id": "v", "customer_id": "C-1", "tenant": "other"}, "other|customer_id:C-1"),
        ({"anonymous_id": "null"}, ""),
        ({"url": "https://shop.example.org/", "event_id": "e", "unknown": 1}, ""),
    ],
)
def test_ping_is_no_touch(fields: dict[str, str], to: str) -> None:
    found = decode(raw_record("visits", as_bytes(PING | fields)), CONFIG)
    assert found == Ping(to, fields.get("tenant", "main"), "visits", "7", 41_500)
    assert agree("visits", as_bytes(PING | fields)) is ("unknown" not in fields)


@pytest.mark.parametrize("field", ["page_id", "engaged_ms"])
@pytest.mark.parametrize("value", [None, ""])
def test_ping_needs_a_page_view_and_its_time(field: str, value: object) -> None:
    refused = refuse("visits", PING | {field: value})
    assert (refused.reason, refused.detail) == (Reason.MISSING_FIELD, f"{field}: required, and missing")


def test_a_visit_without_id_is_unique_by_its_place_alone() -> None:
    assert Visit.model_validate(changed("visits")).natural_id() is None

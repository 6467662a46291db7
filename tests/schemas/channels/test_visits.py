"""The types of visits, and touches without a page."""

import pytest
from pydantic import ValidationError

from schemas.channels.visits import Visit
from schemas.columns import EVENT_HEAD
from schemas.rejected import Reason
from streams.rules.evaluator import Match
from tests.schemas.column_types import read_row
from tests.schemas.touches import changed
from tests.streams.intake.reading import default_rules, refuse, take


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
    (condition,) = Visit.model_json_schema()["allOf"]
    assert condition["if"]["properties"]["type"]["enum"] == ["click", "download", "form", "page", "search"]
    assert condition["then"] == {"required": ["url"], "properties": {"url": {"not": {"type": "null"}}}}


def test_a_visit_without_id_is_unique_by_its_place_alone() -> None:
    assert Visit.model_validate(changed("visits")).natural_id() is None

"""Batch exports of PostHog."""

import json

from hypothesis import given
from hypothesis import strategies as st

from sources.archives.posthog import read_posthog_export
from sources.outcome import Emit, Reject, Skip
from tests.sources.archives.events import OPTIONS, WHEN_MS, lines, only
from tests.sources.sdks.payloads import JSON, objects_with

PROPERTIES = {
    "$lib": "web",
    "$lib_version": "1.200.0",
    "$current_url": "https://shop.example/pricing",
    "$ip": "198.51.100.7",
    "$raw_user_agent": "Mozilla/5.0",
    "plan": "pro",
}
ROW = {
    "uuid": "0190-1",
    "event": "$pageview",
    "distinct_id": "d1",
    "timestamp": "2026-11-30 10:00:00.500",
    "created_at": "2026-11-30 10:00:02",
    "team_id": 1,
    "person_properties": {"email": "ada@example.org"},
    "properties": PROPERTIES,
}
TOUCH = {
    "event_id": "0190-1",
    "occurred_at": WHEN_MS,
    "anonymous_id": "d1",
    "library": "web",
    "library_version": "1.200.0",
    "type": "page",
    "url": "https://shop.example/pricing",
    "user_agent": "Mozilla/5.0",
    "ip": "198.51.100.7",
    "properties": {"plan": "pro"},
    "source": "archive",
}


def test_page_view_is_read_with_objects_and_with_texts() -> None:
    assert only(list(read_posthog_export(lines(ROW), OPTIONS))) == TOUCH
    assert only(list(read_posthog_export(lines({**ROW, "properties": json.dumps(PROPERTIES)}), OPTIONS))) == TOUCH


def test_traits_are_those_that_the_event_sets() -> None:
    row = {**ROW, "event": "$identify", "set": {"email": "ada@example.org"}, "set_once": '{"first": "a"}'}
    touch = only(list(read_posthog_export(lines(row), OPTIONS)))
    assert (touch["type"], touch["customer_id"], touch["email"]) == ("identify", "d1", "ada@example.org")
    assert touch["properties"] == {"traits": {"first": "a", "email": "ada@example.org"}, "plan": "pro"}


def test_times_and_reasons() -> None:
    created, refused, internal, unmapped = read_posthog_export(
        lines(
            {**ROW, "timestamp": "today"},
            {**ROW, "timestamp": None, "created_at": None},
            {**ROW, "event": "$pageleave"},
            {**ROW, "event": ""},
        ),
        OPTIONS,
    )
    assert isinstance(created, Emit)
    assert created.touch["occurred_at"] == 1_796_032_802_000
    assert isinstance(refused, Reject)
    assert (refused.reason, refused.line_no) == ("no_time", 2)
    assert internal == Skip("sdk_internal")
    assert isinstance(unmapped, Reject)
    assert unmapped.detail.startswith("event is ''")


@given(
    objects_with(
        event=st.sampled_from(["$pageview", "$identify", "$groupidentify", "$create_alias", "order completed", "x"]),
        timestamp=st.just("2026-11-30 10:00:00"),
        properties=JSON | JSON.map(json.dumps),
        set=JSON,
    )
)
def test_any_event_has_outcomes(row: dict[str, object]) -> None:
    assert list(read_posthog_export(lines(row), OPTIONS))

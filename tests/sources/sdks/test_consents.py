"""Consent events as touches of the channel `consents`."""

import pytest

from sources.collected import Collected
from sources.sdks.consents import consent_touches, segment_decisions, snowplow_decisions


def test_decisions_of_segment() -> None:
    preferences = {"Advertising": True, "Analytics": False, "": True, "Functional": "yes"}
    assert segment_decisions({"consent": {"categoryPreferences": preferences}}) == {
        "Advertising": True,
        "Analytics": False,
    }
    assert segment_decisions({"consent": "all"}) == {}


@pytest.mark.parametrize(
    ("event_type", "decisions"),
    [
        ("allow_all", {"ads": True, "analytics": True}),
        ("allow_selected", {"ads": True, "analytics": True}),
        ("deny_all", {"ads": False, "analytics": False}),
        ("withdrawn", {"ads": False, "analytics": False}),
        ("cmp_visible", {}),
        (None, {}),
    ],
)
def test_decisions_of_snowplow(event_type: object, decisions: dict[str, bool]) -> None:
    assert snowplow_decisions({"eventType": event_type, "consentScopes": ["ads", "analytics", ""]}) == decisions


def test_each_purpose_is_a_touch() -> None:
    touches = consent_touches({"event_id": "m1", "customer_id": "u1"}, {"ads": True, "mail": False})
    assert touches == [
        Collected("consents", {"event_id": "m1:ads", "customer_id": "u1", "type": "given", "purpose": "ads"}),
        Collected("consents", {"event_id": "m1:mail", "customer_id": "u1", "type": "withdrawn", "purpose": "mail"}),
    ]

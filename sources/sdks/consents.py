"""Consent events: one touch of the channel `consents` for each purpose.

Only events that report a decision are mapped. The state of consent that SDKs repeat in the context of every event is
kept among the properties.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from sources.collected import Collected
from sources.payloads.event_fields import mapping_of

SEGMENT_EVENT: Final = "Segment Consent Preference Updated"
"""The event of Segment's consent wrappers; `context.consent.categoryPreferences` has the decision by purpose."""
SNOWPLOW_SCHEMA: Final = "com.snowplowanalytics.snowplow/consent_preferences"
_SNOWPLOW_TYPES: Final = {
    "allow_all": "given",
    "allow_selected": "given",
    "deny_all": "withdrawn",
    "withdrawn": "withdrawn",
    "expired": "withdrawn",
}


def segment_decisions(context: Mapping[str, object]) -> dict[str, bool]:
    """Return whether consent is given, by purpose, of the context of a Segment event."""
    preferences = mapping_of(mapping_of(context.get("consent")).get("categoryPreferences"))
    return {purpose: given for purpose, given in preferences.items() if purpose and isinstance(given, bool)}


def snowplow_decisions(data: Mapping[str, object]) -> dict[str, bool]:
    """Return whether consent is given, by purpose, of an event of Snowplow's plugin for enhanced consent."""
    decision = _SNOWPLOW_TYPES.get(str(data.get("eventType")))
    scopes = data.get("consentScopes")
    purposes: Iterable[object] = scopes if isinstance(scopes, list) else ()
    return {} if decision is None else {str(purpose): decision == "given" for purpose in purposes if purpose}


def consent_touches(common: Mapping[str, object], decisions: Mapping[str, bool]) -> list[Collected]:
    """Return a touch for each purpose. `common` has the fields of the event; its id gets the purpose behind it."""
    return [
        Collected(
            "consents",
            {
                **common,
                "event_id": f"{common['event_id']}:{purpose}",
                "type": "given" if given else "withdrawn",
                "purpose": purpose,
            },
        )
        for purpose, given in decisions.items()
    ]

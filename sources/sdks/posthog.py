"""PostHog's capture format: `/batch/` with a list of events, `/capture/` with one.

Source: posthog.com/docs/api/capture, and recordings of `posthog` for Python, which tests/clients runs. Its own names
begin with `$`; those that no field takes are left out.
"""

from collections.abc import Mapping
from typing import Final

from sources.collected import Collected
from sources.payloads.event_fields import (
    contacts_of,
    event_id_of,
    id_of,
    mapping_of,
    page_address,
    referrer_of,
    screen_size,
    text_of,
    visit_type,
    without_empty,
)
from sources.sdks.client import Client, wrong_clock
from sources.sdks.orders import order_of
from sources.sdks.outcome import Outcome, Skipped, SkipReason, unmapped

_INTERNAL: Final = frozenset(
    {"$feature_flag_called", "$web_vitals", "$$heatmap", "$pageleave", "$snapshot", "$opt_in", "$performance_event"}
)
_TYPES: Final = {"$pageview": "page", "$screen": "screen", "$identify": "identify", "$set": "identify"}
_VOLATILE: Final = ("sent_at", "api_key", "token")


def map_payload(payload: object, client: Client) -> list[Outcome]:
    """Return the outcomes of a request's body: an object with a list `batch`, or one event."""
    body = mapping_of(payload)
    events = body.get("batch", [payload])
    if not body or not isinstance(events, list):
        return [unmapped(payload)]
    return [outcome for event in events for outcome in map_event(event, body.get("sent_at"), client)]


def map_event(event: object, sent_at: object, client: Client) -> list[Outcome]:
    """Return the outcomes of one event."""
    name = text_of(mapping_of(event).get("event"))
    if not isinstance(event, dict) or not name:
        return [unmapped(event)]
    if name in _INTERNAL:
        return [Skipped(SkipReason.SDK_INTERNAL)]
    if name == "$exception":
        return [Skipped(SkipReason.ERROR_REPORT)]
    sent = mapping_of(event.get("properties"))
    traits = {**_traits(sent), **_traits(event)}
    library = text_of(sent.get("$lib"))
    common = without_empty(
        {
            "event_id": event_id_of(event.get("uuid") or sent.get("$insert_id"), event, _VOLATILE),
            "occurred_at": event.get("timestamp") or sent.get("timestamp") or client.received_at_ms,
            **_identifiers(name, event, sent, library),
            **contacts_of(traits),
            "ids": without_empty({"group": _group_of(sent)}),
            "library": library,
            "library_version": text_of(sent.get("$lib_version")),
            **wrong_clock(sent_at, library, client),
        }
    )
    properties = {key: value for key, value in sent.items() if not key.startswith("$") and key not in _FIELDS}
    if name == "$groupidentify":
        return [_group(event, common, sent)]
    if name == "$create_alias" and sent.get("alias") == sent.get("distinct_id"):
        return [Skipped(SkipReason.ALIAS_OF_ITSELF)]
    if (order := order_of(name, properties)) is not None:
        left = without_empty({"event": name, "url": page_address(sent.get("$current_url")), **order.properties})
        return [Collected("orders", {**common, **order.fields, "properties": left})]
    return [_visit(name, common, sent, without_empty({"traits": traits, **properties}), client)]


_FIELDS: Final = frozenset({"distinct_id", "alias", "token", "timestamp"})


def _visit(
    name: str,
    common: Mapping[str, object],
    sent: Mapping[str, object],
    properties: Mapping[str, object],
    client: Client,
) -> Collected:
    url = page_address(sent.get("$current_url"))
    kind = "identify" if name == "$create_alias" else _TYPES.get(name, "custom")
    kind = "screen" if kind == "page" and not url else visit_type(kind, url)
    is_visitor = client.is_visitor(text_of(sent.get("$lib")))
    app = {part: sent.get(f"$app_{part}") for part in ("name", "version", "build")}
    touch = {
        **common,
        "type": kind,
        "name": {"custom": name, "screen": text_of(sent.get("$screen_name"))}.get(kind),
        "url": url,
        "referrer": referrer_of(sent.get("$referrer")),
        "title": text_of(sent.get("title")) or text_of(sent.get("$title")),
        "user_agent": client.user_agent if is_visitor else text_of(sent.get("$raw_user_agent")),
        "ip": client.ip if is_visitor else text_of(sent.get("$ip")),
        "screen": screen_size(sent.get("$screen_width"), sent.get("$screen_height")),
        "app": {part: str(value) for part, value in app.items() if isinstance(value, str | int) and value != ""},
        "device_id": id_of(sent.get("$device_id")),
        "properties": properties,
    }
    return Collected("visits", without_empty(touch))


def _group(event: Mapping[str, object], common: Mapping[str, object], sent: Mapping[str, object]) -> Outcome:
    group_id = id_of(sent.get("$group_key"))
    if group_id in (None, ""):
        return unmapped(dict(event))
    fields = {"type": "group", "group_id": group_id, "group_traits": mapping_of(sent.get("$group_set"))}
    kind = without_empty({"group_type": sent.get("$group_type")})
    return Collected("groups", without_empty({**common, **fields, "properties": kind}))


def _identifiers(name: str, event: Mapping[str, object], sent: Mapping[str, object], library: str) -> dict[str, object]:
    """Return the ids of a person. `distinct_id` may be a user's id or an anonymous one; other fields decide."""
    distinct_id = event.get("distinct_id") or sent.get("distinct_id")
    if name == "$groupidentify":
        return {}  # a random id of no person
    if name == "$create_alias":
        return {"customer_id": sent.get("alias"), "anonymous_id": sent.get("distinct_id")}
    if name == "$identify":
        return {"customer_id": distinct_id, "anonymous_id": sent.get("$anon_distinct_id")}
    if user_id := sent.get("$user_id"):
        return {"customer_id": user_id, "anonymous_id": None if user_id == distinct_id else distinct_id}
    is_anonymous = library == "web" or sent.get("$process_person_profile") is False
    return {"anonymous_id" if is_anonymous else "customer_id": distinct_id}


def _traits(holder: Mapping[str, object]) -> dict[str, object]:
    return {**mapping_of(holder.get("$set_once")), **mapping_of(holder.get("$set"))}


def _group_of(sent: Mapping[str, object]) -> object:
    """Return the group of an event: that of the type `company`, or else the first."""
    groups = mapping_of(sent.get("$groups"))
    return id_of(groups.get("company", next(iter(groups.values()), None)))

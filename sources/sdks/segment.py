"""Segment's and RudderStack's events: one form, in which a batch or a single event comes.

RudderStack differs in values, not in form: traits of `identify` are in the context, `referrer` may be `$direct`, an
unknown id is an empty text. Both families are therefore read alike. Forms: segment.com/docs/connections/spec, and
recordings of the SDKs that tests/clients runs.
"""

from collections.abc import Callable, Mapping
from typing import Final

from sources.collected import Collected
from sources.payloads.event_fields import (
    contacts_of,
    event_id_of,
    id_of,
    mapping_of,
    text_of,
    visit_type,
    without_empty,
)
from sources.sdks.client import Client, wrong_clock
from sources.sdks.consents import SEGMENT_EVENT, consent_touches, segment_decisions
from sources.sdks.orders import order_of
from sources.sdks.outcome import Outcome, Skipped, SkipReason, unmapped
from sources.sdks.segment_context import Context, read_context

BATCH: Final = "batch"
SEARCH_EVENT: Final = "products searched"  # of the e-commerce specification
_PAGE_PROPERTIES: Final = frozenset(
    {"url", "referrer", "title", "path", "search"}
    | {"tab_url", "referring_domain", "initial_referrer", "initial_referring_domain"}  # RudderStack's
)
"""Properties of a page view that repeat its fields, or the fields of earlier page views."""
_VOLATILE: Final = ("sentAt", "writeKey", "_metadata")  # differ between tries of one event, or say nothing about it


def map_payload(payload: object, kind: str, client: Client) -> list[Outcome]:
    """Return the outcomes of a request's body.

    `kind`: `batch`, or the type of the single event, which the path of the request tells.
    """
    if not isinstance(payload, dict):
        return [unmapped(payload)]
    if kind != BATCH:
        return map_event(payload, kind, payload.get("sentAt"), client)
    events = payload.get("batch")
    if not isinstance(events, list):
        return [unmapped(payload)]
    shared = mapping_of(payload.get("context"))
    outcomes: list[Outcome] = []
    for event in events:
        if not isinstance(event, dict):
            outcomes.append(unmapped(event))
            continue
        if shared:
            event = {**event, "context": {**shared, **mapping_of(event.get("context"))}}
        outcomes += map_event(event, "", payload.get("sentAt") or event.get("sentAt"), client)
    return outcomes


def map_event(event: Mapping[str, object], kind: str, sent_at: object, client: Client) -> list[Outcome]:
    """Return the outcomes of one event. `kind` is its type unless the event names one."""
    map_type = _TYPES.get(text_of(event.get("type")) or kind)
    if map_type is None:
        return [unmapped(dict(event))]
    is_page = map_type is _page
    properties = mapping_of(event.get("properties"))
    context = read_context(mapping_of(event.get("context")), properties if is_page else {}, client)
    common = without_empty(
        {
            "event_id": event_id_of(event.get("messageId"), event, _VOLATILE),
            "occurred_at": _first(event.get("timestamp"), event.get("originalTimestamp"), client.received_at_ms),
            "customer_id": event.get("userId"),
            "anonymous_id": event.get("anonymousId"),
            "ids": context.ids,
            **context.person,
            **context.library,
            **wrong_clock(sent_at, text_of(context.library.get("library")), client),
        }
    )
    return map_type(event, common, context)


def _page(event: Mapping[str, object], common: dict[str, object], context: Context) -> list[Outcome]:
    # SDKs of browsers repeat the page in the properties.
    properties = mapping_of(event.get("properties"))
    left = {name: value for name, value in properties.items() if name not in _PAGE_PROPERTIES}
    event = {**event, "properties": left} if "url" in context.visit else event
    # A page view of a server SDK may have no address; the name of the page is then that of a screen.
    named = {} if "url" in context.visit else {"name": _name_of(event)}
    return [_visit("page" if "url" in context.visit else "screen", event, {**common, **named}, context)]


def _screen(event: Mapping[str, object], common: dict[str, object], context: Context) -> list[Outcome]:
    return [_visit("screen", event, {**common, "name": _name_of(event)}, context)]


def _identify(event: Mapping[str, object], common: dict[str, object], context: Context) -> list[Outcome]:
    traits = {**context.traits, **mapping_of(event.get("traits"))}
    context = context._replace(traits=traits)
    return [_visit("identify", event, {**common, **contacts_of(traits)}, context)]


def _track(event: Mapping[str, object], common: dict[str, object], context: Context) -> list[Outcome]:
    name = text_of(event.get("event"))
    if not name:
        return [unmapped(dict(event))]
    if name == SEGMENT_EVENT and (decisions := segment_decisions(context.left)):
        return list(consent_touches(common, decisions))
    order = order_of(name, mapping_of(event.get("properties")))
    if order is not None:
        page = {part: value for part, value in context.visit.items() if part == "url"}
        properties = _properties({"event": name, **page, **order.properties}, context)
        return [Collected("orders", {**common, **order.fields, "properties": properties})]
    kind = visit_type("search" if name.lower() == SEARCH_EVENT else "custom", text_of(context.visit.get("url")))
    return [_visit(kind, event, {**common, "name": name}, context)]


def _group(event: Mapping[str, object], common: dict[str, object], context: Context) -> list[Outcome]:
    group_id = id_of(event.get("groupId"))
    if group_id in (None, ""):
        return [unmapped(dict(event))]
    # Traits of a group describe the company: its email address is not the person's.
    fields = {"type": "group", "group_id": group_id, "group_traits": mapping_of(event.get("traits"))}
    properties = _properties(mapping_of(event.get("properties")), context)
    return [Collected("groups", without_empty({**common, **fields, "properties": properties}))]


def _alias(event: Mapping[str, object], common: dict[str, object], context: Context) -> list[Outcome]:
    former, current = event.get("previousId"), event.get("userId")
    if id_of(former) in (None, "") or id_of(current) in (None, ""):
        return [unmapped(dict(event))]
    if former == current:
        return [Skipped(SkipReason.ALIAS_OF_ITSELF)]
    return [_visit("identify", event, {**common, "anonymous_id": former}, context)]


_TYPES: Final[dict[str, Callable[[Mapping[str, object], dict[str, object], Context], list[Outcome]]]] = {
    "page": _page,
    "screen": _screen,
    "identify": _identify,
    "track": _track,
    "group": _group,
    "alias": _alias,
}


def _visit(kind: str, event: Mapping[str, object], common: Mapping[str, object], context: Context) -> Collected:
    name, category = event.get("name"), event.get("category")
    named = without_empty({"name": name if kind == "page" else None, "category": category})
    properties = _properties({**named, **mapping_of(event.get("properties"))}, context)
    return Collected("visits", without_empty({**common, **context.visit, "type": kind, "properties": properties}))


def _properties(properties: Mapping[str, object], context: Context) -> dict[str, object]:
    """Return the properties of a touch: the event's own, the person's traits, and what else the context has."""
    return {**without_empty({"context": context.left, "traits": context.traits}), **properties}


def _name_of(event: Mapping[str, object]) -> str:
    return text_of(event.get("name")) or text_of(mapping_of(event.get("properties")).get("name"))


def _first(*values: object) -> object:
    """Return the first value that is neither null nor an empty text."""
    return next(value for value in values if value not in (None, ""))

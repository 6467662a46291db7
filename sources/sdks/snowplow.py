"""Snowplow's tracker protocol: one event as the query of `/i`, several as the JSON of `tp2`. All values are texts.

Source: docs.snowplow.io, "Snowplow Tracker Protocol", and recordings of the trackers that tests/clients runs.
"""

from collections.abc import Callable, Mapping
from typing import Final

from sources.collected import Collected
from sources.payloads.event_fields import event_id_of, mapping_of, page_address, text_of, visit_type, without_empty
from sources.payloads.money import decimal_text
from sources.sdks.client import Client, wrong_clock
from sources.sdks.consents import SNOWPLOW_SCHEMA, consent_touches, snowplow_decisions
from sources.sdks.orders import order_of
from sources.sdks.outcome import Outcome, Skipped, SkipReason, unmapped
from sources.sdks.snowplow_events import (
    ERROR_SCHEMAS,
    LINK_CLICK,
    SESSION,
    SHOP_ACTION,
    VISIT_TYPES,
    context_fields,
    decode_field,
    parse_self_describing,
    read_contexts,
    shop_event,
)

_VOLATILE: Final = ("stm", "aid")
_CONTEXTS_TAKEN: Final = ("web_page",)
_PROPERTIES: Final = {"sid": "session_id", "lang": "locale", "tz": "timezone", "vp": "viewport", "ds": "document"}
Contexts = Mapping[str, list[dict[str, object]]]


def map_payload(payload: object, client: Client) -> list[Outcome]:
    """Return the outcomes of the JSON body of `tp2`."""
    events = mapping_of(payload).get("data")
    if not isinstance(events, list):
        return [unmapped(payload)]
    return [outcome for event in events for outcome in map_event(event, client)]


def map_event(event: object, client: Client) -> list[Outcome]:
    """Return the outcomes of one event."""
    map_type = _TYPES.get(text_of(mapping_of(event).get("e")))
    if not isinstance(event, dict) or map_type is None:
        return [unmapped(event)]
    contexts = read_contexts(event)
    name, _, version = text_of(event.get("tv")).partition("-")
    library = f"snowplow-{name}" if name else ""
    common = without_empty(
        {
            "event_id": event_id_of(event.get("eid"), event, _VOLATILE),
            "occurred_at": _milliseconds(event.get("ttm") or event.get("dtm") or client.received_at_ms),
            "customer_id": event.get("uid"),
            "anonymous_id": event.get("duid"),
            "library": library,
            "library_version": version,
            **wrong_clock(_milliseconds(event.get("stm")), library, client),
        }
    )
    return map_type(event, common, contexts, client)


def app_id(payload: object) -> str:
    """Return the app id of the first event that has one, in which a tracker carries the write key."""
    events = mapping_of(payload).get("data")
    ids = (text_of(mapping_of(event).get("aid")) for event in (events if isinstance(events, list) else ()))
    return next((found for found in ids if found), "")


def _page(event: Mapping[str, object], common: dict[str, object], contexts: Contexts, client: Client) -> list[Outcome]:
    has_page = page_address(event.get("url")) != ""
    named = {} if has_page else {"name": text_of(event.get("page"))}
    return [_visit("page" if has_page else "screen", event, {**common, **named}, {}, contexts, client)]


def _ping(event: Mapping[str, object], common: dict[str, object], contexts: Contexts, client: Client) -> list[Outcome]:
    """Map a ping of a page view, which has an id if the tracker has its web page context switched on, as it is without
    an option. The ping lacks `engaged_ms`, which `sources.sdks.view_times` adds."""
    page_id = context_fields(contexts).get("page_id")
    if not page_id:
        return [Skipped(SkipReason.PAGE_PING)]
    return [Collected("visits", without_empty({**common, "type": "ping", "page_id": page_id}))]


def _structured(
    event: Mapping[str, object], common: dict[str, object], contexts: Contexts, client: Client
) -> list[Outcome]:
    properties = {
        "category": event.get("se_ca"),
        "label": event.get("se_la"),
        "property": event.get("se_pr"),
        "value": _number(event.get("se_va")),
    }
    name = text_of(event.get("se_ac"))
    if not name:
        return [unmapped(dict(event))]
    return [_visit("custom", event, {**common, "name": name}, properties, contexts, client)]


def _self_describing(
    event: Mapping[str, object], common: dict[str, object], contexts: Contexts, client: Client
) -> list[Outcome]:
    outer = decode_field(event, "ue_pr", "ue_px")
    described = parse_self_describing(outer.get("data"))
    if described is None:
        return [unmapped(dict(event))]
    if described.name in ERROR_SCHEMAS:
        return [Skipped(SkipReason.ERROR_REPORT)]
    if described.name == SNOWPLOW_SCHEMA and (decisions := snowplow_decisions(described.data)):
        return list(consent_touches(common, decisions))
    if described.name == SHOP_ACTION and (shop := shop_event(described.data, contexts)):
        order = order_of(text_of(shop["event"]), mapping_of(shop["properties"]))
        if order is not None:
            return [_order(event, {**common, **order.fields}, order.properties)]
    kind = visit_type(VISIT_TYPES.get(described.name, "custom"), page_address(event.get("url")))
    name = text_of(described.data.get("name")) if kind == "screen" else described.name
    properties = {"schema": described.schema, **described.data}
    if described.name == LINK_CLICK and "targetUrl" in properties:
        properties["target_url"] = properties.pop("targetUrl")
    return [_visit(kind, event, {**common, "name": name or described.name}, properties, contexts, client)]


def _transaction(
    event: Mapping[str, object], common: dict[str, object], contexts: Contexts, client: Client
) -> list[Outcome]:
    """Map the former `tr`, whose items come as events of their own (`ti`)."""
    properties = {"order_id": event.get("tr_id"), "total": event.get("tr_tt"), "currency": event.get("tr_cu")}
    costs = {"tax": event.get("tr_tx"), "shipping": event.get("tr_sh"), "affiliation": event.get("tr_af")}
    order = order_of("order completed", without_empty({**properties, **costs}))
    return [unmapped(dict(event)) if order is None else _order(event, {**common, **order.fields}, order.properties)]


def _item(event: Mapping[str, object], common: dict[str, object], contexts: Contexts, client: Client) -> list[Outcome]:
    properties = {
        "order_id": event.get("ti_id"),
        "sku": event.get("ti_sk"),
        "item": event.get("ti_nm"),
        "price": decimal_text(event.get("ti_pr")),
        "quantity": _number(event.get("ti_qu")),
        "currency": event.get("ti_cu"),
    }
    return [_visit("custom", event, {**common, "name": "transaction_item"}, properties, contexts, client)]


_TYPES: Final[dict[str, Callable[[Mapping[str, object], dict[str, object], Contexts, Client], list[Outcome]]]] = {
    "pv": _page,
    "pp": _ping,
    "se": _structured,
    "ue": _self_describing,
    "tr": _transaction,
    "ti": _item,
}
"""Mappings by `e`, the kind of an event."""


def _visit(
    kind: str,
    event: Mapping[str, object],
    common: Mapping[str, object],
    properties: Mapping[str, object],
    contexts: Contexts,
    client: Client,
) -> Collected:
    is_visitor = client.is_visitor(text_of(common.get("library")))
    session = {"session_id": contexts.get(SESSION, [{}])[0].get("sessionId")}
    named = {name: event.get(field) for field, name in _PROPERTIES.items()}
    left = {name: entries for name, entries in contexts.items() if name.rpartition("/")[2] not in _CONTEXTS_TAKEN}
    touch = {
        **common,
        "type": kind,
        "url": page_address(event.get("url")),
        "referrer": page_address(event.get("refr")),
        "title": text_of(event.get("page")),
        "screen": text_of(event.get("res")),
        "user_agent": client.user_agent if is_visitor else text_of(event.get("ua")),
        "ip": client.ip if is_visitor else text_of(event.get("ip")),
        **context_fields(contexts),
        "properties": without_empty({**session, **named, "contexts": left, **properties}),
    }
    return Collected("visits", without_empty(touch))


def _order(event: Mapping[str, object], common: Mapping[str, object], properties: Mapping[str, object]) -> Collected:
    left = without_empty({"url": page_address(event.get("url")), **properties})
    return Collected("orders", without_empty({**common, "properties": left}))


def _milliseconds(value: object) -> object:
    """Return a time of the protocol as a number; a value that is none as it is, so that intake names it."""
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 20 else value


def _number(value: object) -> object:
    """Return a number that was sent as text, so that SQL can sum it; another value as it is."""
    text = decimal_text(value)
    return float(text) if text else value

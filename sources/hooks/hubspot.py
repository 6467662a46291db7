"""HubSpot: events of contacts, tickets and deals.

Format: developers.hubspot.com/docs/api/webhooks; signature, version 3: developers.hubspot.com/docs/api/webhooks/
validating-requests. HubSpot documents a tolerance of five minutes. Versions 1 and 2 of the signature are plain hashes
and are refused.

An event names its object by HubSpot's id alone, so that a contact is known by the namespace `crm` until a change
of its address is reported. An `eventId` is not unique by itself.

Options: `closed_stages`, the stages of pipelines in which a ticket is closed, separated by commas (`4` without it).
"""

from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import unquote

from sources.collected import Collected
from sources.hooks.hook_request import HookRequest
from sources.hooks.json_body import read_objects
from sources.hooks.outcomes import touches_of
from sources.hooks.provider import HookSource, Provider, Unmappable, Verdict
from sources.hooks.signatures import is_recent, matches_hmac
from sources.payloads.composed_ids import composed_id
from sources.payloads.event_fields import id_of, text_of, without_empty
from sources.payloads.event_times import unix_ms
from sources.payloads.shown_texts import label_of, line_of

_TOLERANCE_S: Final = 300
_CONTACTS: Final = {"email": "email", "phone": "phone", "mobilephone": "phone"}
_DEFAULT_CLOSED: Final = "4"  # of HubSpot's own support pipeline
_DEALS: Final = {"deal.creation": "Deal created", "deal.propertyChange": "Deal changed"}


def verify(request: HookRequest, source: HookSource) -> Verdict:
    """Return whether the app's secret has signed method, URL, body and time, within the tolerance."""
    time = request.headers.get("x-hubspot-request-timestamp", "")
    signature = request.headers.get("x-hubspot-signature-v3", "")
    genuine = [
        matches_hmac(
            source.secrets,
            f"{request.method}{url}".encode("utf-8", "surrogatepass")
            + request.body
            + time.encode("utf-8", "surrogatepass"),
            signature,
            encoding="base64",
        )
        for url in (request.url, unquote(request.url))  # HubSpot signs the decoded URL
    ]
    if not any(genuine):
        return Verdict.FORGED
    return Verdict.GENUINE if is_recent(time, request.received_at_ms, _TOLERANCE_S, unit_ms=1) else Verdict.STALE


def map_request(request: HookRequest, source: HookSource) -> Sequence[Collected] | Unmappable:
    """Return a touch for each event of a contact, a ticket or a deal."""
    events = read_objects(request.body)
    if isinstance(events, Unmappable):
        return events
    return touches_of(_touch(event, source.options) for event in events)


def _touch(event: Mapping[str, object], options: Mapping[str, str]) -> Collected | Unmappable | None:
    kind = text_of(event.get("subscriptionType"))
    object_id, occurred_at_ms = id_of(event.get("objectId")), unix_ms(event.get("occurredAt"), unit_ms=1)
    touch = _fields(kind, event, options)
    if touch is None:
        return None
    if object_id in (None, "") or occurred_at_ms is None:
        return Unmappable("an event lacks its objectId or occurredAt")
    parts = (event.get("eventId"), event.get("subscriptionId"), object_id, occurred_at_ms)
    common = {"event_id": composed_id("hubspot", *parts), "occurred_at": occurred_at_ms}
    return Collected(touch.channel, without_empty({**common, **touch.touch}))


def _fields(kind: str, event: Mapping[str, object], options: Mapping[str, str]) -> Collected | None:
    """Return channel and fields by the kind of event, None for events that are no touches."""
    object_id = id_of(event.get("objectId"))
    name, value = text_of(event.get("propertyName")), event.get("propertyValue")
    if kind in ("contact.creation", "contact.propertyChange"):
        contact = {_CONTACTS[name]: text_of(value)} if name in _CONTACTS else {}
        traits = {name: line_of(value)} if name and line_of(value) else {}
        properties = without_empty({"traits": traits})
        return Collected("visits", {"type": "identify", "ids": {"crm": object_id}, **contact, "properties": properties})
    if kind == "ticket.creation":
        return Collected("tickets", {"type": "opened", "ticket_id": object_id})
    if kind == "ticket.propertyChange" and name == "hs_pipeline_stage":
        closed = options.get("closed_stages", _DEFAULT_CLOSED).split(",")
        is_closed = label_of(value) in [stage.strip() for stage in closed if stage.strip()]
        return Collected("tickets", {"type": "closed", "ticket_id": object_id}) if is_closed else None
    if kind == "deal.creation" or (kind == "deal.propertyChange" and name == "dealstage"):
        properties = without_empty({"deal": object_id, "stage": label_of(value)})
        return Collected("visits", {"type": "custom", "name": _DEALS[kind], "properties": properties})
    return None


PROVIDER: Final = Provider("hubspot", verify, map_request, signs_url=True, options=("closed_stages",))

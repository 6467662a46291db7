"""WhatsApp Business Platform (Cloud API): messages from customers, and the states of messages to them.

Format: developers.facebook.com/docs/whatsapp/cloud-api/webhooks. A request may have many entries, each with many
changes. Numbers come without their `+`.

Options: `verify_token`, the token that is entered when the webhook is set up.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from sources.collected import Collected
from sources.hooks.hook_request import HookRequest
from sources.hooks.json_body import read_object
from sources.hooks.outcomes import touches_of
from sources.hooks.provider import HookAnswer, HookSource, Provider, Unmappable, Verdict
from sources.hooks.signatures import matches_hmac, matches_secret
from sources.payloads.composed_ids import composed_id
from sources.payloads.event_fields import mapping_of, objects_of, text_of, without_empty
from sources.payloads.event_times import unix_ms
from sources.payloads.shown_texts import label_of, message_of

_STATES: Final = {"sent": "sent", "delivered": "delivered", "read": "read", "failed": "failed"}
_LONGEST_CHALLENGE: Final = 200


def verify(request: HookRequest, source: HookSource) -> Verdict:
    """Return whether the app's secret has signed the body. Meta documents no tolerance of time."""
    signature = request.headers.get("x-hub-signature-256", "")
    genuine = matches_hmac(source.secrets, request.body, signature, prefix="sha256=")
    return Verdict.GENUINE if genuine else Verdict.FORGED


def challenge(request: HookRequest, source: HookSource) -> HookAnswer | None:
    """Return the challenge of a request that sets up the webhook and knows the token."""
    if request.method != "GET" or request.query.get("hub.mode") != "subscribe":
        return None
    known = matches_secret((source.options.get("verify_token", ""),), request.query.get("hub.verify_token", ""))
    echo = request.query.get("hub.challenge", "")
    if not known or len(echo) > _LONGEST_CHALLENGE:
        return None
    return HookAnswer(200, echo.encode())


def map_request(request: HookRequest, source: HookSource) -> Sequence[Collected] | Unmappable:
    """Return a touch for each message, and for each state of a message."""
    payload = read_object(request.body)
    if isinstance(payload, Unmappable):
        return payload
    outcomes: list[Collected | Unmappable | None] = []
    for value in _values(payload):
        outcomes += [_received(message, value) for message in objects_of(value.get("messages"))]
        outcomes += [_state(status) for status in objects_of(value.get("statuses"))]
    return touches_of(outcomes)


def _values(payload: Mapping[str, object]) -> Iterator[dict[str, object]]:
    for entry in objects_of(payload.get("entry")):
        for change in objects_of(entry.get("changes")):
            yield mapping_of(change.get("value"))


def _received(message: Mapping[str, object], value: Mapping[str, object]) -> Collected | Unmappable:
    message_id, occurred_at_ms = text_of(message.get("id")), unix_ms(message.get("timestamp"))
    sender = text_of(message.get("from"))
    if not message_id or occurred_at_ms is None or not sender:
        return Unmappable("a message lacks its id, timestamp or from")
    names = {
        text_of(contact.get("wa_id")): label_of(mapping_of(contact.get("profile")).get("name"))
        for contact in objects_of(value.get("contacts"))
    }
    traits = without_empty({"name": names.get(sender, "")})
    kind = label_of(message.get("type"))
    return Collected(
        "messages",
        without_empty(
            {
                "event_id": composed_id(message_id),
                "type": "received",
                "occurred_at": occurred_at_ms,
                "network": "whatsapp",
                "phone": f"+{sender.lstrip('+')}",
                "text": _text_of(message),
                "properties": without_empty({"message_type": kind, "traits": traits}),
            }
        ),
    )


def _text_of(message: Mapping[str, object]) -> str:
    """Return what the customer wrote, or the label of the button that they pressed."""
    interactive = mapping_of(message.get("interactive"))
    texts = (
        mapping_of(message.get("text")).get("body"),
        mapping_of(message.get("button")).get("text"),
        mapping_of(interactive.get("button_reply")).get("title"),
        mapping_of(interactive.get("list_reply")).get("title"),
        *(mapping_of(message.get(kind)).get("caption") for kind in ("image", "video", "document")),
    )
    return next((text for text in map(message_of, texts) if text), "")


def _state(status: Mapping[str, object]) -> Collected | Unmappable | None:
    message_id, occurred_at_ms = text_of(status.get("id")), unix_ms(status.get("timestamp"))
    kind, recipient = _STATES.get(text_of(status.get("status"))), text_of(status.get("recipient_id"))
    if kind is None:
        return None
    if not message_id or occurred_at_ms is None or not recipient:
        return Unmappable("a status lacks its id, timestamp or recipient_id")
    error = next((label_of(error.get("title")) for error in objects_of(status.get("errors"))), "")
    return Collected(
        "messages",
        without_empty(
            {
                "event_id": composed_id(message_id, kind),
                "type": kind,
                "occurred_at": occurred_at_ms,
                "network": "whatsapp",
                "phone": f"+{recipient.lstrip('+')}",
                "properties": without_empty({"message_id": message_id, "error": error}),
            }
        ),
    )


PROVIDER: Final = Provider("whatsapp", verify, map_request, challenge, options=("verify_token",))

"""Front: mails and messages of conversations, by application webhooks or by rules.

Format and signatures: dev.frontapp.com/docs/application-webhooks and dev.frontapp.com/docs/rule-webhooks. The two kinds
sign differently under the same header: an application by SHA-256 of time and body, a rule by SHA-1 of the body. Front
documents no tolerance of time for either.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from sources.collected import Collected
from sources.hooks.help_desk_person import person_of
from sources.hooks.hook_request import HookRequest
from sources.hooks.json_body import read_object
from sources.hooks.provider import HookAnswer, HookSource, Provider, Unmappable, Verdict
from sources.hooks.signatures import matches_hmac
from sources.payloads.composed_ids import composed_id
from sources.payloads.event_fields import mapping_of, objects_of, text_of, without_empty
from sources.payloads.event_times import unix_ms
from sources.payloads.shown_texts import label_of, line_of, message_of, message_of_html

_DESK: Final = "front"
_RECEIVED: Final = frozenset({"inbound", "inbound_received"})
_SENT: Final = frozenset({"outbound", "outbound_sent", "out_reply"})
_LONGEST_CHALLENGE: Final = 500


def verify(request: HookRequest, source: HookSource) -> Verdict:
    """Return whether one of the secrets has signed the body, with its time if there is one."""
    signature, time = request.headers.get("x-front-signature", ""), request.headers.get("x-front-request-timestamp")
    if time is None:
        genuine = matches_hmac(source.secrets, request.body, signature, "sha1", "base64")
    else:
        signed = time.encode("utf-8", "surrogatepass") + b":" + request.body
        genuine = matches_hmac(source.secrets, signed, signature, encoding="base64")
    return Verdict.GENUINE if genuine else Verdict.FORGED


def challenge(request: HookRequest, source: HookSource) -> HookAnswer | None:
    """Return the challenge of the signed request that sets up an application's webhook."""
    echo = request.headers.get("x-front-challenge", "")
    is_plain = echo.isascii() and echo.isprintable() and '"' not in echo and "\\" not in echo
    if not echo or not is_plain or len(echo) > _LONGEST_CHALLENGE or verify(request, source) is not Verdict.GENUINE:
        return None
    return HookAnswer(200, f'{{"challenge":"{echo}"}}'.encode(), "application/json")


def map_request(request: HookRequest, source: HookSource) -> Sequence[Collected] | Unmappable:
    """Return the touch of a message that a customer or an agent wrote."""
    payload = read_object(request.body)
    if isinstance(payload, Unmappable):
        return payload
    event = mapping_of(payload.get("payload")) or payload  # an application wraps the event
    kind = text_of(event.get("type")) or text_of(payload.get("type"))
    if kind not in _RECEIVED | _SENT:
        return ()
    event_id, occurred_at_ms = text_of(event.get("id")), unix_ms(event.get("emitted_at"))
    handle = _handle_of(event, kind in _RECEIVED)
    if not event_id or occurred_at_ms is None or not handle:
        return Unmappable("an event lacks its id, emitted_at or the handle of a recipient")
    common = {"event_id": composed_id(event_id), "occurred_at": occurred_at_ms, **_customer_of(handle)}
    touch = _touch(event, "received" if kind in _RECEIVED else "sent", handle)
    return [Collected(touch.channel, without_empty({**common, **touch.touch}))]


def _touch(event: Mapping[str, object], kind: str, handle: str) -> Collected:
    """Return a mail or a message. The preview of an event does not have the message's type, so its handle decides."""
    conversation, message = (
        mapping_of(event.get("conversation")),
        mapping_of(mapping_of(event.get("target")).get("data")),
    )
    network = label_of(message.get("type")) or ("email" if "@" in handle else _DESK)
    agent = mapping_of(message.get("author")) if kind == "sent" else {}
    if network == "email":
        return Collected(
            "emails",
            {
                "type": kind,
                "direction": "inbound" if kind == "received" else "outbound",
                "message_id": text_of(message.get("id")),
                "subject": line_of(message.get("subject")) or line_of(conversation.get("subject")),
                "properties": without_empty({"conversation": text_of(conversation.get("id"))}),
            },
        )
    return Collected(
        "messages",
        {
            "type": kind,
            "network": network,
            "conversation_id": text_of(conversation.get("id")),
            "agent": label_of(agent.get("email")),
            "text": message_of(message.get("text")) or message_of_html(message.get("body")),
        },
    )


def _handle_of(event: Mapping[str, object], is_received: bool) -> str:
    """Return the customer's address or number: of the conversation, or else of the message."""
    conversation, message = (
        mapping_of(event.get("conversation")),
        mapping_of(mapping_of(event.get("target")).get("data")),
    )
    role = "from" if is_received else "to"
    others = [one for one in objects_of(message.get("recipients")) if one.get("role") == role]
    handles = (text_of(one.get("handle")) for one in (mapping_of(conversation.get("recipient")), *others))
    return next((handle for handle in handles if handle), "")


def _customer_of(handle: str) -> dict[str, object]:
    if "@" in handle:
        return person_of(_DESK, None, email=handle)
    return person_of(_DESK, None, phone=handle) if handle.startswith("+") else person_of(_DESK, handle)


PROVIDER: Final = Provider(_DESK, verify, map_request, challenge)

"""Webhooks of help desks whose body the administrator writes: one form for all, which the guide shows as a template.

    {"event": "opened", "ticket_id": "...", "occurred_at": "...", "email": "...", "subject": "..."}

`event` is a type of the channel `tickets` (opened, replied, solved, reopened, closed), `received` or `sent` for a
message, or `rated` for feedback. `occurred_at` is ISO 8601 with its zone, or milliseconds since 1970. Further fields
are `phone`, `customer_id`, `requester_id` (at the help desk), `priority`, `queue`, `agent`, `text`, `score`, `scale`.
"""

from collections.abc import Mapping
from typing import Final

from sources.collected import Collected
from sources.hooks.help_desk_person import person_of
from sources.hooks.provider import Unmappable
from sources.payloads.composed_ids import composed_id
from sources.payloads.event_fields import id_of, text_of, without_empty
from sources.payloads.event_times import iso_ms, unix_ms
from sources.payloads.shown_texts import label_of, line_of, message_of_html

_TICKETS: Final = frozenset({"opened", "replied", "solved", "reopened", "closed"})
_MESSAGES: Final = frozenset({"received", "sent"})
_SCORES: Final = {"good": 1.0, "bad": 0.0}
_LARGEST_SCORE: Final = 1_000


def touch_of_template(provider: str, fields: Mapping[str, object]) -> Collected | Unmappable:
    """Return the touch of a body in the form of the template."""
    kind = text_of(fields.get("event")).lower()
    if kind not in _TICKETS | _MESSAGES | {"rated"}:
        return Unmappable("the field event is none of the template's; compare the body with docs/guides/webhooks.md")
    ticket_id, time = id_of(fields.get("ticket_id")), fields.get("occurred_at")
    occurred_at_ms = iso_ms(time) or unix_ms(time, unit_ms=1)
    if ticket_id in (None, "") or occurred_at_ms is None:
        return Unmappable("the body lacks ticket_id, or an occurred_at in ISO 8601 with its zone")
    requester = (fields.get(name) for name in ("requester_id", "email", "phone", "customer_id"))
    common = {
        "event_id": composed_id(provider, ticket_id, kind, occurred_at_ms),
        "occurred_at": occurred_at_ms,
        **person_of(provider, *requester),
    }
    channel, own = _own_fields(kind, provider, ticket_id, fields)
    return Collected(channel, without_empty({**common, **own}))


def _own_fields(
    kind: str, provider: str, ticket_id: object, fields: Mapping[str, object]
) -> tuple[str, dict[str, object]]:
    """Return the channel, and the fields that it does not share with the others."""
    agent, text = label_of(fields.get("agent")), message_of_html(fields.get("text"))
    if kind == "rated":
        score, scale = score_of(fields.get("score"))
        own_scale = score_of(fields.get("scale"))[0]
        rating = {"score": score, "scale": own_scale or scale, "text": text, "survey": "csat"}
        return "feedback", {"type": "given", "ticket_id": ticket_id, **rating}
    if kind in _MESSAGES:
        network = label_of(fields.get("network")) or provider
        return "messages", {
            "type": kind,
            "network": network,
            "conversation_id": ticket_id,
            "agent": agent,
            "text": text,
        }
    return "tickets", {
        "type": kind,
        "ticket_id": ticket_id,
        "subject": line_of(fields.get("subject")),
        "priority": label_of(fields.get("priority")),
        "queue": label_of(fields.get("queue")),
        "agent": agent,
    }


def score_of(value: object) -> tuple[float | None, float | None]:
    """Return a score and its scale: of `good` and `bad` a scale of 1, of a number none."""
    if isinstance(value, str):
        word = value.strip().lower().partition(" ")[0]  # Zendesk: "Good" or "Good, I'm satisfied"
        if word.rstrip(",") in _SCORES:
            return _SCORES[word.rstrip(",")], 1.0
        value = float(word) if word.isascii() and word.isdigit() and len(word) < 5 else None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _LARGEST_SCORE:
        return None, None
    return float(value), None

"""What a plainly good message looks like, by channel: the shapes that a fast reader can take without a second look.

The contract is `schemas.channels`; a channel without a shape is read by it alone. A shape takes nothing that the
contract refuses and reads it as the contract does; what it does not take (a field that no schema names, a version of
long ago, whatever is wrong) the contract reads. A text that the message leaves out is empty, as it is in the row.
"""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Final, Literal

from msgspec import Meta, Struct
from msgspec.json import Decoder

from schemas.raw_touch import LONGEST_ID, LONGEST_TEXT

Id = Annotated[str, Meta(max_length=LONGEST_ID)] | None
Text = Annotated[str, Meta(max_length=LONGEST_TEXT)] | None
Label = Annotated[str, Meta(max_length=LONGEST_ID)] | None
Amount = Annotated[float, Meta(ge=0)] | None


class Shape(Struct, gc=False, kw_only=True, forbid_unknown_fields=True):
    """What all channels have in common. Times are as they were written; null and left out are the same."""

    type: str
    occurred_at: str | int | float
    event_id: Id | int = None
    sent_at: str | int | float | None = None
    schema_version: int | None = None
    customer_id: Id | int = None
    email: Text = None
    phone: Text = None
    anonymous_id: Id | int = None
    ids: dict[str, str | int] | None = None
    tenant: str | None = None
    source: Label = None
    properties: dict[str, Any] | None = None


class PlainVisit(Shape, gc=False, kw_only=True, forbid_unknown_fields=True):
    """A visit (schemas.channels.visits)."""

    type: Literal["page", "click", "form", "download", "search", "identify", "custom"]
    url: Annotated[str, Meta(max_length=LONGEST_TEXT)]
    referrer: Text = None
    title: Text = None
    user_agent: Text = None
    ip: Label = None
    screen: Label = None
    engaged_ms: Amount = None


class PlainEmail(Shape, gc=False, kw_only=True, forbid_unknown_fields=True):
    """What happened to a mail (schemas.channels.emails)."""

    type: Literal[
        "sent", "delivered", "opened", "clicked", "bounced", "unsubscribed", "complained", "received", "replied"
    ]
    direction: Literal["inbound", "outbound"]
    message_id: Id = None
    subject: Text = None
    campaign: Label = None
    link_url: Text = None
    user_agent: Text = None
    ip: Label = None


class PlainCall(Shape, gc=False, kw_only=True, forbid_unknown_fields=True):
    """A call (schemas.channels.calls)."""

    type: Literal["answered", "missed", "abandoned", "voicemail"]
    direction: Literal["inbound", "outbound"]
    duration_s: Amount = None
    wait_s: Amount = None
    outcome: Label = None
    agent: Label = None
    queue: Label = None


SHAPES: Final[dict[str, type[Shape]]] = {"visits": PlainVisit, "emails": PlainEmail, "calls": PlainCall}
READERS: Final[Mapping[str, Callable[[bytes], Shape]]] = {
    channel: Decoder(shape).decode for channel, shape in SHAPES.items()
}
"""By channel: the message's value as its shape. Raises `msgspec.DecodeError`, `UnicodeDecodeError` or
`RecursionError` on what does not have it."""

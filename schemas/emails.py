"""Channel `emails`: what a mail provider or a mailbox tells of a message and its reader."""

from typing import Literal

from pydantic import Field

from schemas.common import Id, Label, RawTouch, Text


class Email(RawTouch):
    """One thing that happened to a message. `direction` is seen from us: inbound is what a customer wrote."""

    type: Literal[
        "sent", "delivered", "opened", "clicked", "bounced", "unsubscribed", "complained", "received", "replied"
    ]
    direction: Literal["inbound", "outbound"]
    message_id: Id | None = None
    subject: Text | None = None
    campaign: Label | None = None
    link_url: Text | None = Field(None, description="the link that was clicked; absolute, http or https")
    user_agent: Text | None = None
    ip: Label | None = None

    def natural_id(self) -> str | None:
        """The provider's message id and what happened to it when, to whom and at which link: a retry repeats all of these."""
        if self.message_id is None:
            return None
        parts = (self.type, self.message_id, self.occurred_at, self.email or self.customer_id, self.link_url)
        return "\x1f".join("" if part is None else str(part) for part in parts)

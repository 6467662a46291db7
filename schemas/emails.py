"""Channel `emails`: what a mail provider or a mailbox tells of a message and its reader."""

from typing import Literal

from pydantic import Field

from schemas.common import Id, Label, RawTouch, Text


class Email(RawTouch):
    """One thing that happened to a message. The identifiers are the customer's, whoever wrote it."""

    type: Literal[
        "sent", "delivered", "opened", "clicked", "bounced", "unsubscribed", "complained", "received", "replied"
    ] = Field(description="What happened to the message.")
    direction: Literal["inbound", "outbound"] = Field(
        description="Seen from you: inbound is what a customer wrote, outbound what you wrote and what became of it."
    )
    message_id: Id | None = Field(
        None,
        description="The message's id at its provider, the same for everything that happens to it.",
        examples=["<20260131.4711@mail.example.org>"],
    )
    subject: Text | None = Field(None, description="The message's subject.", examples=["Your offer"])
    campaign: Label | None = Field(None, description="The mailing it belongs to.", examples=["spring-2026"])
    link_url: Text | None = Field(
        None,
        description="The link that was clicked: a full address, http or https.",
        examples=["https://shop.example.org/spring?utm_campaign=spring-2026"],
    )
    user_agent: Text | None = Field(
        None, description="Of the program that opened or clicked; tells scanners from people.", examples=["Thunderbird"]
    )
    ip: Label | None = Field(
        None, description="Where it was opened or clicked; tells the country.", examples=["198.51.100.7"]
    )

    def natural_id(self) -> str | None:
        """What `mail_event` says of it, where the provider gives its message an id."""
        if not self.message_id:
            return None
        return mail_event(self.type, self.message_id, self.occurred_at, self.email or self.customer_id, self.link_url)


def mail_event(type: str, message_id: str, occurred_at_ms: int, whom: str | None, link_url: str | None) -> str:
    """The provider's message id and what happened to it when, to whom and at which link: a retry repeats these."""
    return "\x1f".join((type, message_id, str(occurred_at_ms), whom or "", link_url or ""))

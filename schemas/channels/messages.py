"""Channel `messages`: text messages by chat, SMS or a social network."""

from typing import ClassVar, Literal

from pydantic import Field

from schemas.column import LABEL, TEXT, columns_of
from schemas.raw_touch import LONGEST_MESSAGE, Label, Message, Name, RawTouch


class TextMessage(RawTouch):
    """One event of a text message. The identifiers are those of the customer, not of the agent."""

    COLUMNS: ClassVar = columns_of(
        ("agent", LABEL, ""),
        ("conversation_id", TEXT, "", 2),
        ("network", LABEL, "", 2),
        ("text", TEXT, "", 2),
    )
    ICON: ClassVar = "chat"
    SUMMARY: ClassVar = ("network", "text")
    TITLES: ClassVar = {
        "received": ("Wrote by {network}", "Wrote a message"),
        "sent": ("Was sent a message by {network}", "Was sent a message"),
        "delivered": ("Got a message by {network}", "Got a message"),
        "read": ("Read a message by {network}", "Read a message"),
        "failed": ("A message by {network} failed", "A message failed"),
    }

    type: Literal["received", "sent", "delivered", "read", "failed"] = Field(
        description="What happened: received is from a customer, all others are of a message to one."
    )
    network: Label = Field(
        description="The network or service of the message.", examples=["whatsapp", "sms", "site-chat"]
    )
    conversation_id: Name | None = Field(
        None, description="The id of the conversation at its provider.", examples=["c-4711"]
    )
    agent: Label | None = Field(None, description="The person who answers the customer.", examples=["kim"])
    text: Message | None = Field(
        None,
        description=f"The text of the message, at most {LONGEST_MESSAGE:,} characters.",
        examples=["Is it in stock?"],
    )

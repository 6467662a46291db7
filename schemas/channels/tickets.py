"""Channel `tickets`: events of a help desk."""

from typing import Any, ClassVar, Literal

from pydantic import Field

from schemas.column import LABEL, SEPARATOR, TEXT, columns_of
from schemas.raw_touch import Label, Name, RawTouch, Text


class Ticket(RawTouch):
    """One event of a ticket. The identifiers are those of the customer, not of the agent."""

    COLUMNS: ClassVar = columns_of(
        ("subject", TEXT, ""),
        ("agent", LABEL, ""),
        ("queue", LABEL, ""),
        ("ticket_id", TEXT, "", 3),
        ("priority", LABEL, "", 3),
    )
    ICON: ClassVar = "ticket"
    SUMMARY: ClassVar = ("subject", "priority", "queue")
    SUMMARY_ELSE: ClassVar = "ticket_id"
    TITLES: ClassVar = {
        "opened": ("Opened the ticket “{subject}”", "Opened a ticket"),
        "replied": ("Replied in the ticket “{subject}”", "Replied in a ticket"),
        "solved": ("The ticket “{subject}” was solved", "A ticket was solved"),
        "reopened": ("Reopened the ticket “{subject}”", "Reopened a ticket"),
        "closed": ("The ticket “{subject}” was closed", "A ticket was closed"),
    }
    NATURAL_ID_FIELD: ClassVar = "ticket_id"

    type: Literal["opened", "replied", "solved", "reopened", "closed"] = Field(
        description="What happened: opened, replied and reopened are by the customer."
    )
    ticket_id: Name = Field(
        description="The ticket's id at the help desk, the same for all events of the ticket.", examples=[35436]
    )
    subject: Text | None = Field(None, description="The ticket's subject.", examples=["Where is my order?"])
    priority: Label | None = Field(None, description="The priority, in a word of your own.", examples=["high"])
    queue: Label | None = Field(None, description="The group that works on the ticket.", examples=["returns"])
    agent: Label | None = Field(None, description="The person who works on the ticket.", examples=["kim"])

    @staticmethod
    def derive_natural_id(message: Any, occurred_at_ms: int, customer_id: str | None) -> str:
        """Return what happened to which ticket when."""
        return SEPARATOR.join((message.type, message.ticket_id, str(occurred_at_ms)))

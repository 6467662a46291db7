"""Channel `meetings`: appointments with customers."""

from typing import Any, ClassVar, Literal

from pydantic import Field

from schemas.column import LABEL, MOMENT, REAL, SEPARATOR, TEXT, columns_of
from schemas.raw_touch import Amount, Label, Name, PlausibleTime, RawTouch, Text


class Meeting(RawTouch):
    """One event of a meeting with a customer. The identifiers are the customer's, also if the host booked it."""

    COLUMNS: ClassVar = columns_of(
        ("title", TEXT, ""),
        ("duration_s", REAL, None),
        ("meeting_id", TEXT, "", 7),
        ("host", LABEL, "", 7),
        ("starts_at", MOMENT, None, 7),
    )
    ICON: ClassVar = "calendar"
    SUMMARY: ClassVar = ("title", "host")
    SUMMARY_ELSE: ClassVar = "meeting_id"
    TITLES: ClassVar = {
        "booked": ("Booked “{title}” with {host}", "Booked “{title}”", "Booked a meeting"),
        "held": ("Met {host} for “{title}”", "Came to “{title}”", "Came to a meeting"),
        "cancelled": ("Cancelled “{title}”", "Cancelled a meeting"),
        "no_show": ("Missed “{title}”", "Missed a meeting"),
    }
    NATURAL_ID_FIELD: ClassVar = "meeting_id"

    type: Literal["booked", "held", "cancelled", "no_show"] = Field(
        description="What happened; no_show is a meeting that the customer missed."
    )
    meeting_id: Name = Field(
        description="The meeting's id in the calendar, the same for all events of the meeting.", examples=["evt-4711"]
    )
    title: Text | None = Field(None, description="The meeting's title.", examples=["First talk"])
    host: Label | None = Field(None, description="The person who meets the customer.", examples=["kim"])
    duration_s: Amount | None = Field(None, description="Length of the meeting in seconds.", examples=[1800])
    starts_at: PlausibleTime | None = Field(
        None, description="When the meeting begins, in the forms of occurred_at.", examples=["2026-02-03T10:00:00Z"]
    )

    @staticmethod
    def derive_natural_id(message: Any, occurred_at_ms: int, customer_id: str | None) -> str:
        """Return what happened to which meeting when: a meeting may be cancelled and booked again."""
        return SEPARATOR.join((message.type, message.meeting_id, str(occurred_at_ms)))

"""Channel `feedback`: scores and words that customers give when they are asked."""

from typing import ClassVar, Literal

from pydantic import Field

from schemas.column import LABEL, REAL, TEXT, columns_of
from schemas.raw_touch import LONGEST_MESSAGE, Amount, Label, Message, Name, RawTouch


class Feedback(RawTouch):
    """One answer of a customer."""

    COLUMNS: ClassVar = columns_of(
        ("text", TEXT, "", 2),
        ("ticket_id", TEXT, "", 3),
        ("score", REAL, None, 8),
        ("scale", REAL, None, 8),
        ("survey", LABEL, "", 8),
    )
    ICON: ClassVar = "star"
    SUMMARY: ClassVar = ("score", "survey", "text")
    SUMMARY_ELSE: ClassVar = "ticket_id"
    TITLES: ClassVar = {"given": ("Gave {score}", "Gave feedback")}
    UNITS: ClassVar = {"score": "scale"}

    type: Literal["given"] = Field(description="The customer gave feedback.")
    score: Amount | None = Field(None, description="The score, from 0 or 1 up to the scale.", examples=[9])
    scale: Amount | None = Field(None, description="The best score that can be given.", examples=[10, 5])
    text: Message | None = Field(
        None,
        description=f"What the customer wrote, at most {LONGEST_MESSAGE:,} characters.",
        examples=["Quick and friendly."],
    )
    survey: Label | None = Field(None, description="The survey or kind of question.", examples=["nps", "csat"])
    ticket_id: Name | None = Field(None, description="The ticket that it is about.", examples=[35436])

"""Channel `calls`: calls as a telephone system reports them."""

from typing import ClassVar, Literal

from pydantic import Field

from schemas.column import LABEL, REAL, columns_of
from schemas.raw_touch import Amount, Label, RawTouch


class Call(RawTouch):
    """One call. The identifiers are those of the customer, not of the agent."""

    COLUMNS: ClassVar = columns_of(
        ("direction", LABEL, ""),
        ("duration_s", REAL, None),
        ("wait_s", REAL, None),
        ("outcome", LABEL, ""),
        ("agent", LABEL, ""),
        ("queue", LABEL, ""),
    )
    ICON: ClassVar = "phone"
    SUMMARY: ClassVar = ("outcome", "duration_s")
    SUMMARY_ELSE: ClassVar = "direction"
    TITLES: ClassVar = {
        "answered": ("Call of {duration_s} with {agent}", "Call of {duration_s}", "Call with {agent}", "Call"),
        "missed": ("Missed call",),
        "abandoned": ("Gave up after waiting {wait_s}", "Gave up waiting"),
        "voicemail": ("Call that reached a machine",),
    }

    type: Literal["answered", "missed", "abandoned", "voicemail"] = Field(
        description="How it ended: answered, not answered, caller hung up while waiting, or reached a machine."
    )
    direction: Literal["inbound", "outbound"] = Field(
        description="inbound is a call of a customer, outbound a call to one."
    )
    duration_s: Amount | None = Field(None, description="Length of the conversation in seconds.", examples=[184.5])
    wait_s: Amount | None = Field(None, description="Seconds the customer waited.", examples=[12])
    outcome: Label | None = Field(
        None, description="The result of the call, in a word of your own.", examples=["appointment"]
    )
    agent: Label | None = Field(None, description="The person who took or made the call.", examples=["kim"])
    queue: Label | None = Field(None, description="The line or group on which the call came in.", examples=["sales"])

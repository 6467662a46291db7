"""Channel `calls`: calls as a telephone system reports them."""

from typing import ClassVar, Literal

from pydantic import Field

from schemas.column import LABEL, REAL, columns_of
from schemas.raw_touch import Amount, Label, RawTouch


class Call(RawTouch):
    """One call. The identifiers are the customer's, whoever dialled."""

    COLUMNS: ClassVar = columns_of(
        ("direction", LABEL, ""),
        ("duration_s", REAL, None),
        ("wait_s", REAL, None),
        ("outcome", LABEL, ""),
        ("agent", LABEL, ""),
        ("queue", LABEL, ""),
    )
    SUMMARY: ClassVar = ("outcome", "duration_s")
    SUMMARY_ELSE: ClassVar = "direction"

    type: Literal["answered", "missed", "abandoned", "voicemail"] = Field(
        description="How it ended: talked, not taken, hung up while waiting, or talked to a machine."
    )
    direction: Literal["inbound", "outbound"] = Field(
        description="Seen from you: inbound is a customer who calls, outbound one whom you called."
    )
    duration_s: Amount | None = Field(None, description="Seconds they talked.", examples=[184.5])
    wait_s: Amount | None = Field(None, description="Seconds the customer waited.", examples=[12])
    outcome: Label | None = Field(None, description="What came of it, in a word of yours.", examples=["appointment"])
    agent: Label | None = Field(None, description="Who took it or made it.", examples=["kim"])
    queue: Label | None = Field(None, description="The line or group it came in on.", examples=["sales"])

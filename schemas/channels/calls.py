"""Channel `calls`: what a telephone system tells of a call."""

from typing import Literal

from pydantic import Field

from schemas.raw_touch import Amount, Label, RawTouch


class Call(RawTouch):
    """One call. The identifiers are the customer's, whoever dialled."""

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

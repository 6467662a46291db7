"""Channel `calls`: what a telephone system tells of a call."""

from typing import Literal

from schemas.common import Amount, Label, RawTouch


class Call(RawTouch):
    """One call. `direction` is seen from us: inbound is a customer who calls."""

    type: Literal["answered", "missed", "abandoned", "voicemail"]
    direction: Literal["inbound", "outbound"]
    duration_s: Amount | None = None
    wait_s: Amount | None = None
    outcome: Label | None = None
    agent: Label | None = None
    queue: Label | None = None

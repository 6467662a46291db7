"""Channel `visits`: what a tracker, a form or a server's access log sees of a visitor."""

from typing import Literal

from pydantic import Field

from schemas.common import Amount, Label, RawTouch, Text


class Visit(RawTouch):
    """One thing a visitor did on a site."""

    type: Literal["page", "click", "form", "download", "search", "identify", "custom"]
    url: Text = Field(description="absolute, http or https")
    referrer: Text | None = None
    title: Text | None = None
    user_agent: Text | None = None
    ip: Label | None = None
    screen: Label | None = None
    engaged_ms: Amount | None = None

"""Channel `visits`: what a tracker, a form or an access log records of a site's visitors."""

from typing import ClassVar, Literal

from pydantic import Field

from schemas.column import AGENT, CAMPAIGN, LABEL, PAGE, PLACE, REAL, REFERRER, TEXT, columns_of
from schemas.raw_touch import Amount, Label, RawTouch, Text


class Visit(RawTouch):
    """One action of a visitor on a site."""

    COLUMNS: ClassVar = (
        *PAGE,
        *REFERRER,
        *columns_of(("title", TEXT, "")),
        *AGENT,
        *PLACE,
        *columns_of(("screen", LABEL, ""), ("engaged_ms", REAL, None)),
        *CAMPAIGN,
    )
    SUMMARY: ClassVar = ("url", "title", "campaign")

    type: Literal["page", "click", "form", "download", "search", "identify", "custom"] = Field(
        description="What the visitor did. `identify` only names the visitor; `custom` is described by the properties."
    )
    url: Text = Field(
        description="The page's full address, http or https, with query and fragment: campaigns are read from them.",
        examples=["https://shop.example.org/pricing?utm_source=news&utm_medium=email"],
    )
    referrer: Text | None = Field(
        None, description="The page before, as the browser sends it.", examples=["https://www.google.com/"]
    )
    title: Text | None = Field(None, description="The page's title.", examples=["Pricing"])
    user_agent: Text | None = Field(
        None,
        description="The browser's User-Agent, which determines device, system, browser and whether it is a program.",
        examples=["Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"],
    )
    ip: Label | None = Field(
        None, description="The visitor's IP address, which determines the country.", examples=["198.51.100.7"]
    )
    screen: Label | None = Field(None, description="Width and height in pixels.", examples=["1920x1080"])
    engaged_ms: Amount | None = Field(
        None, description="Milliseconds for which the page was in the foreground.", examples=[41500]
    )

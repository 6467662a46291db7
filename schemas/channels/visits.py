"""Channel `visits`: what a tracker, an app, a form or an access log records of visitors."""

from typing import ClassVar, Literal

from pydantic import Field

from schemas.app import APP_EXAMPLE, App
from schemas.column import AGENT, APP, CAMPAIGN, LABEL, PAGE, PLACE, REAL, REFERRER, TEXT, columns_of
from schemas.raw_touch import Amount, Label, Name, RawTouch, Text


class Visit(RawTouch):
    """One action of a visitor on a site or in an app."""

    COLUMNS: ClassVar = (
        *PAGE,
        *REFERRER,
        *columns_of(("title", TEXT, "")),
        *AGENT,
        *PLACE,
        *columns_of(("screen", LABEL, ""), ("engaged_ms", REAL, None)),
        *CAMPAIGN,
        *columns_of(("name", LABEL, "", 4), ("page_id", TEXT, "", 4), ("device_id", TEXT, "", 4)),
        *APP,
    )
    ICON: ClassVar = "page"
    SUMMARY: ClassVar = ("name", "url", "title", "campaign", "engaged_ms")
    SUMMARY_ELSE: ClassVar = "app_name"
    TITLES: ClassVar = {
        "page": ("Viewed {url}", "Viewed a page"),
        "click": ("Clicked “{name}” on {url}", "Clicked on {url}", "Clicked"),
        "form": ("Sent the form “{name}” on {url}", "Sent a form on {url}", "Sent a form"),
        "download": ("Downloaded {url}", "Downloaded a file"),
        "search": ("Searched on {url}", "Searched"),
        "identify": ("Gave an identifier",),
        "custom": ("{name}", "Did something"),
        "screen": ("Viewed the screen “{name}”", "Viewed a screen"),
    }
    PINGS: ClassVar = frozenset({"ping"})
    REQUIRED_BY: ClassVar = {
        "url": frozenset({"page", "click", "form", "download", "search"}),
        "page_id": PINGS,
        "engaged_ms": PINGS,
    }

    type: Literal["page", "click", "form", "download", "search", "identify", "custom", "screen", "ping"] = Field(
        description="What the visitor did. `identify` only names the visitor, `screen` is a view in an app, and "
        "`custom` is described by its name and properties. `ping` is no touch: it reports `engaged_ms` of a page view."
    )
    url: Text | None = Field(
        None,
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
    name: Label | None = Field(
        None, description="The name of a custom event or of a screen, in your own words.", examples=["Trial started"]
    )
    page_id: Name | None = Field(
        None,
        description="An id of this view of the page, which all touches of the view have.",
        examples=["7c0f5c9e-01d2-4c0b-9f5e-4c1f2f6f6c11"],
    )
    device_id: Name | None = Field(
        None, description="The id of the device. It identifies no person.", examples=["38400000-8cf0-11bd-b23e"]
    )
    app: App | None = Field(None, description="The app in which it happened.", examples=[APP_EXAMPLE])

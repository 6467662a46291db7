"""Channel `consents`: what a customer agrees to, and no longer agrees to."""

from typing import ClassVar, Literal

from pydantic import Field

from schemas.column import LABEL, columns_of
from schemas.raw_touch import Label, RawTouch


class Consent(RawTouch):
    """One decision of a customer. It holds for every identifier of the touch, until a later one."""

    COLUMNS: ClassVar = columns_of(("purpose", LABEL, "", 9), ("contact_channel", LABEL, "", 9))
    ICON: ClassVar = "shield"
    SUMMARY: ClassVar = ("purpose", "contact_channel")
    TITLES: ClassVar = {
        "given": ("Agreed to {purpose}", "Gave a consent"),
        "withdrawn": ("No longer agrees to {purpose}", "Withdrew a consent"),
    }

    type: Literal["given", "withdrawn"] = Field(description="Whether the consent was given or withdrawn.")
    purpose: Label = Field(description="What the consent is for, in a word of your own.", examples=["marketing"])
    contact_channel: Label | None = Field(
        None, description="The way of contact that the consent is limited to.", examples=["email", "sms"]
    )

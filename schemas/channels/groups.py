"""Channel `groups`: which company, or another group, a person belongs to, and what is known of the group."""

from typing import Any, ClassVar, Literal

from pydantic import Field

from schemas.column import TEXT, columns_of
from schemas.raw_touch import Name, RawTouch


class Group(RawTouch):
    """One statement about a group by or for a member. The identifiers are the member's."""

    COLUMNS: ClassVar = columns_of(("group_id", TEXT, "", 10), ("group_traits", "Map(String, String)", {}, 10))
    ICON: ClassVar = "building"
    SUMMARY: ClassVar = ("group_id",)
    TITLES: ClassVar = {"group": ("Belongs to {group_id}", "Belongs to a group")}

    type: Literal["group"] = Field(description="The person belongs to the group.")
    group_id: Name = Field(description="Your own id of the group, such as a company.", examples=["acme", 4711])
    group_traits: dict[str, Any] | None = Field(
        None,
        description="What is known of the group: text unchanged, other values as JSON. It never identifies the person.",
        examples=[{"name": "Acme", "employees": 120}],
    )

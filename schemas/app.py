"""The app in which a touch happened, an object inside a touch."""

from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from schemas.raw_touch import Label, allow_null

APP_EXAMPLE: Final = {"name": "Shop", "version": "3.1.0", "build": "3100"}


class App(BaseModel):
    """Name, version and build of an app, each a column `app_...`; more members of the object are kept as a property."""

    model_config = ConfigDict(extra="allow", strict=True, frozen=True, json_schema_extra=allow_null)

    name: Label | None = Field(None, description="The app's name.", examples=["Shop"])
    version: Label | None = Field(None, description="The app's version.", examples=["3.1.0"])
    build: Label | None = Field(None, description="The build of that version.", examples=["3100"])

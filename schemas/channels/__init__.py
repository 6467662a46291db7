"""The channels there are. A new one is a schema, a line here, its rules and its tests."""

from typing import Final

from schemas.channels.calls import Call
from schemas.channels.emails import Email
from schemas.channels.visits import Visit
from schemas.raw_touch import RawTouch

CHANNELS: Final[dict[str, type[RawTouch]]] = {"visits": Visit, "emails": Email, "calls": Call}

"""The channels there are. A new one is a schema, a line here, its rules and its tests."""

from typing import Final

from schemas.calls import Call
from schemas.common import RawTouch
from schemas.emails import Email
from schemas.visits import Visit

CHANNELS: Final[dict[str, type[RawTouch]]] = {"visits": Visit, "emails": Email, "calls": Call}

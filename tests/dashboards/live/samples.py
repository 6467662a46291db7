"""A message of each kind, and a mask, for the tests of live events."""

import dataclasses
from typing import Any, Final
from zlib import crc32

from dashboards.live.messages import (
    BIN_S,
    Counts,
    Delay,
    Hello,
    Hot,
    HotProfile,
    LiveTouch,
    Message,
    Pipeline,
    ProfileScore,
    Scores,
    Touches,
)

NOW_MS: Final = 1_800_000_000_000
TOUCH: Final = LiveTouch(
    "t1", "email:ada@example.org", "k1", "visits", "page", "Viewed /ada", "“Ada's page”", NOW_MS, NOW_MS, 1.0
)
HOT: Final = Hot(
    NOW_MS,
    [HotProfile(1, "email:ada@example.org", "k1", "Ada", 120.5, 9, NOW_MS, "ada's letter", "DE", "desktop")],
    1,
)
PIPELINE: Final = Pipeline(NOW_MS, True, True, False, NOW_MS, {"intake": 3}, Delay(200, 900))
HELLO: Final = Hello(NOW_MS, BIN_S, 604_800_000, [(NOW_MS // 1000, {"visits": 2})], 1, [TOUCH], HOT, PIPELINE)
MESSAGES: Final[tuple[Message, ...]] = (
    HELLO,
    Counts(NOW_MS, [(NOW_MS // 1000, {"visits": 2})], 1),
    Touches(NOW_MS, [TOUCH], 0),
    Scores(NOW_MS, [ProfileScore("email:ada@example.org", "k1", 120.5, 9)]),
    HOT,
    PIPELINE,
)
SECRETS: Final = {"email:ada@example.org", "Viewed /ada", "“Ada's page”", "Ada", "ada's letter"}


def key_of(tenant: str, profile: str) -> str:
    """A key of a profile that does not contain its identifier."""
    return f"{tenant}/{crc32(profile.encode()):08x}"


_CLEAR: Final = {"id", "key", "channel", "type", "country", "device", "lag", "bins"}


def hide(value: Any) -> Any:
    """A copy with all texts replaced but those of the fields above."""
    if isinstance(value, list):
        return [hide(one) for one in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
        return dataclasses.replace(value, **{name: hide(one) for name, one in fields.items() if name not in _CLEAR})
    return "···" if isinstance(value, str) else value

"""A profile as other systems get it: JSON on the compacted topic `profiles`, keyed `tenant|namespace:value`."""

from typing import Final

import msgspec

from schemas.columns import PROFILES
from streams.engage.row_values import profile_values
from streams.engage.rows import Name, name_of
from streams.profile.summary import Summary

_encode: Final = msgspec.json.Encoder().encode
_TIMES: Final = {"first_seen": "first_seen_ms", "last_seen": "last_seen_ms"}  # integers here, with their unit
_COLUMNS: Final = [column.name for column in PROFILES]
_NAMES: Final = [
    _TIMES.get(name, name) for name in _COLUMNS[_COLUMNS.index("touches") : _COLUMNS.index("rules_version") + 1]
]
_Published: Final = msgspec.defstruct("_Published", ["tenant", "identifier", "version", *_NAMES], gc=False)


def publish(key: str, whole: Summary | None, offset: int) -> bytes | None:
    """The record's value: what the row in ClickHouse has, under the same names; None (a tombstone) where an identifier
    is no profile any more. Described for its readers in docs/contract.md."""
    return None if whole is None else publish_values(name_of(key), profile_values(whole), offset)


def publish_values(name: Name, values: list[object], offset: int) -> bytes:
    """The same of `profile_values`."""
    return _encode(_Published(name.tenant, name.identifier, offset, *values))

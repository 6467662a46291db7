"""A profile as other systems get it: JSON on the compacted topic `profiles`, keyed `tenant|namespace:value`."""

from typing import Final

import msgspec

from schemas.columns import PROFILES
from streams.fold.facts import identifier_in
from streams.fold.profile import profile_values
from streams.fold.summary import Summary

_encode: Final = msgspec.json.Encoder().encode
_TIMES: Final = {"first_seen": "first_seen_ms", "last_seen": "last_seen_ms"}  # integers here, with their unit
_COLUMNS: Final = [column.name for column in PROFILES]
_NAMES: Final = [
    _TIMES.get(name, name) for name in _COLUMNS[_COLUMNS.index("touches") : _COLUMNS.index("rules_version") + 1]
]


def publish(key: str, whole: Summary | None, offset: int) -> bytes | None:
    """The record's value: what the row in ClickHouse has, under the same names; None (a tombstone) where an identifier
    is no profile any more. Described for its readers in docs/contract.md."""
    if whole is None:
        return None
    tenant, identifier = identifier_in(key)
    told = dict(zip(_NAMES, profile_values(whole), strict=True))
    return _encode({"tenant": tenant, "identifier": identifier, "version": offset, **told})

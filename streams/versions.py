"""Which record of a changelog holds, when a zombie may have appended old ones after new ones."""

from collections.abc import Callable
from typing import Any

VERSION_HEADER = "v"  # of a tombstone: the source offset that the deletion comes from

VersionOf = Callable[[bytes], int]


def absorb_records(
    state: dict[bytes, bytes], deleted: dict[bytes, int], records: Any, position: int, version_of: VersionOf | None
) -> int:
    """Apply changelog records from `position` on to `state`; return the position after them.

    With `version_of`, a value older than what the key has (or than the deletion of the key) changes nothing. So does a
    deletion that says it is older; one that does not say applies.
    """
    while records.has_next():
        batch = records.next_batch()
        if not batch.is_control_batch:
            for record in batch:
                if record.offset < position:
                    continue
                key, value = record.key, record.value
                if value is None:
                    _delete(state, deleted, key, record.headers, version_of)
                elif version_of is None or (key not in state and key not in deleted):
                    state[key] = value
                else:
                    _replace(state, deleted, key, value, version_of)
        position = batch.next_offset
    return position


def _replace(
    state: dict[bytes, bytes], deleted: dict[bytes, int], key: bytes, value: bytes, version_of: VersionOf
) -> None:
    version = version_of(value)
    known = state.get(key)
    if version < (deleted.get(key, -1) if known is None else version_of(known)):
        return
    deleted.pop(key, None)
    state[key] = value


def _delete(
    state: dict[bytes, bytes], deleted: dict[bytes, int], key: bytes, headers: Any, version_of: VersionOf | None
) -> None:
    told = next((int(value) for name, value in headers if name == VERSION_HEADER), None)
    if told is None or version_of is None:
        state.pop(key, None)
        return
    known = state.get(key)
    if known is not None and version_of(known) > told:
        return
    state.pop(key, None)
    deleted[key] = max(told, deleted.get(key, -1))

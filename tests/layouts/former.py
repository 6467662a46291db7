"""What a worker of layout 0 left in Kafka when it was killed, and what its successor of that version stored in the end.

`layout0.json` was recorded in November 2026 with the code before layouts were numbered: a worker with batches of three
records took in a crowd (tests.journeys.crowd, seed 11, 4 people, 18 touches) and was killed amid the second half. The
records of each topic are [partition, key, value] in base64, in the order of their offsets, which begin at 0. The tables
are what `read_tables` found after a worker of the same version had gone on to the end, without empty values.
"""

import json
from base64 import b64decode
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

_PATH: Final = Path(__file__).parent / "layout0.json"


class Kept(NamedTuple):
    """A record of a topic; its offset is its place among those of its partition."""

    partition: int
    offset: int
    key: bytes | None
    value: bytes | None


@cache
def recorded() -> dict[str, Any]:
    """The file: `prefix` of the topics, `committed` offsets of `activity`, `topics`, `tables`."""
    loaded: dict[str, Any] = json.loads(_PATH.read_text("utf-8"))
    return loaded


def records(topic: str) -> Iterator[Kept]:
    """The records of a topic, by partition and offset."""
    offsets: dict[int, int] = {}
    for partition, key, value in recorded()["topics"][topic]:
        offset = offsets.get(partition, 0)
        offsets[partition] = offset + 1
        yield Kept(partition, offset, _bytes(key), _bytes(value))


def rows(table: str) -> list[dict[str, Any]]:
    """The rows that were stored in the end."""
    found: list[dict[str, Any]] = recorded()["tables"][table]
    return found


def _bytes(text: str | None) -> bytes | None:
    return None if text is None else b64decode(text)

"""Batch exports of PostHog as JSON lines (posthog.com/docs/data-pipelines/batch-exports/s3, model `events`).

Objects may be texts of JSON, as they are in the destinations that have no objects. `person_properties` is what was
known of the person, not what the event says, and is therefore no trait of the touch.
"""

from collections.abc import Iterable, Iterator

import msgspec

from sources.archives.event_lines import NO_TIME_MS, ArchiveOptions, Event, read_json_events
from sources.archives.utc_times import read_utc_ms
from sources.outcome import Outcome
from sources.payloads.event_fields import mapping_of, text_of, without_empty
from sources.sdks import posthog
from sources.sdks.client import Client
from sources.sdks.outcome import Outcome as MappedEvent


def read_posthog_export(lines: Iterable[bytes], options: ArchiveOptions) -> Iterator[Outcome]:
    """Yield the outcomes of each line. For the reasons of refusal see `read_json_events`."""
    return read_json_events(lines, _map_event, "event", options)


def _map_event(row: Event) -> list[MappedEvent]:
    properties = _object(row.get("properties"))
    event = without_empty(
        {
            "uuid": row.get("uuid"),
            "event": row.get("event"),
            "distinct_id": row.get("distinct_id"),
            "timestamp": read_utc_ms(row.get("timestamp")),
            "properties": {name: value for name, value in properties.items() if name not in ("timestamp", "token")},
            "$set": _object(row.get("set")),
            "$set_once": _object(row.get("set_once")),
        }
    )
    client = Client(
        ip=text_of(properties.get("$ip")) or text_of(row.get("ip")),
        user_agent=text_of(properties.get("$raw_user_agent")),
        is_browser=False,
        received_at_ms=read_utc_ms(row.get("created_at")) or NO_TIME_MS,
    )
    return posthog.map_event(event, None, client)


def _object(value: object) -> dict[str, object]:
    """Return an object, also one that is written as text; an empty one for any other value."""
    if isinstance(value, str):
        try:
            value = msgspec.json.decode(value)
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            return {}
    return mapping_of(value)

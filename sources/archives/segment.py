"""Archives of Segment and RudderStack: their events as JSON, one on each line, as the destination Amazon S3 has them.

Sources: segment.com/docs/connections/storage/catalog/aws-s3 and segment.com/docs/connections/spec/common. `timestamp`
is already corrected by the clock of the servers, so `sentAt` corrects nothing here.
"""

from collections.abc import Iterable, Iterator

from sources.archives.event_lines import NO_TIME_MS, ArchiveOptions, Event, read_json_events
from sources.archives.utc_times import read_utc_ms
from sources.outcome import Outcome
from sources.payloads.event_fields import mapping_of, text_of
from sources.sdks import segment
from sources.sdks.client import Client
from sources.sdks.outcome import Outcome as MappedEvent


def read_segment_archive(lines: Iterable[bytes], options: ArchiveOptions) -> Iterator[Outcome]:
    """Yield the outcomes of each line. For the reasons of refusal see `read_json_events`."""
    return read_json_events(lines, _map_event, "type", options)


def _map_event(event: Event) -> list[MappedEvent]:
    context = mapping_of(event.get("context"))
    # The servers have put the visitor's address and user agent into the context, also for SDKs of browsers.
    client = Client(
        ip=text_of(context.get("ip")) or text_of(event.get("request_ip")),
        user_agent=text_of(context.get("userAgent")),
        is_browser=False,
        received_at_ms=read_utc_ms(event.get("receivedAt")) or NO_TIME_MS,
    )
    return segment.map_event(event, "", None, client)

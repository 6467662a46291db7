"""The webhooks of a collector by its settings."""

from schemas.rejected import Reason, Rejected
from sources.collector.hook_services import HookServices, QuarantinedRequest
from sources.collector.hook_tokens import HookTokens
from sources.collector.https_fetcher import HttpsFetcher
from sources.collector.sink import RawRecord
from streams.quarantine import RawRecord as FirstRecord
from streams.quarantine import quarantine_record
from touchline.collector.hooks_file import read_hooks
from touchline.settings import Settings
from touchline.worker.stages import topics_of

_NO_PARTITION = 0


def make_hook_services(settings: Settings) -> HookServices:
    """Return the configured webhooks. Raises CliError with what is wrong in their file."""
    found = read_hooks(settings)
    topic = topics_of(settings).quarantine

    def quarantine(request: QuarantinedRequest) -> RawRecord:
        place = FirstRecord("", request.topic, _NO_PARTITION, request.offset, request.received_at_ms, request.kept)
        key, value, headers = quarantine_record(place, Rejected(Reason.UNMAPPABLE, request.detail))
        return RawRecord(topic, value or b"", request.received_at_ms, key, tuple(headers or ()))

    return HookServices(found.hooks, found.public_url, quarantine, HttpsFetcher(), HookTokens())

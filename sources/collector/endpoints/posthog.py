"""The paths of PostHog's server SDKs. The key is in the body (`api_key`), and success is exactly 200."""

from typing import Final

from sources.collector.config import SEGMENT_BODY_BYTES
from sources.collector.credentials import admit_key
from sources.collector.refusal import Refusal
from sources.collector.request import Answer, Request
from sources.collector.sdk_payload import client_of, deliver_outcomes, read_payload
from sources.collector.services import Services
from sources.payloads.event_fields import mapping_of, text_of
from sources.sdks.posthog import map_payload

ACCEPTED: Final = b'{"status":1}'


async def receive_events(request: Request, services: Services) -> Answer | Refusal:
    """Return 200 when the events of the body are durable."""
    payload = read_payload(request, SEGMENT_BODY_BYTES)
    if isinstance(payload, Refusal):
        return payload
    body = mapping_of(payload)
    key = text_of(body.get("api_key")) or text_of(body.get("token"))
    entry = admit_key(request, services, key)
    if isinstance(entry, Refusal):
        return entry
    refused = await deliver_outcomes(request, services, entry, map_payload(payload, client_of(request)), key)
    return Answer(200, ACCEPTED, key_id=entry.key_id) if refused is None else refused._replace(key_id=entry.key_id)

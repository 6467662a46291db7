"""The paths of Segment and RudderStack: single events, batches, and what their browser SDKs ask for at the start.

Both families expect exactly 200 for success: RudderStack's SDK for Python sends a batch again after 202 or 204.
"""

from functools import partial
from typing import Final

import msgspec

from sources.collector.config import SEGMENT_BODY_BYTES
from sources.collector.credentials import admit_key, key_of_headers, key_of_query
from sources.collector.refusal import Refusal
from sources.collector.request import Answer, Request
from sources.collector.sdk_payload import client_of, deliver_outcomes, read_payload
from sources.collector.services import Endpoint, Services
from sources.sdks.segment import BATCH, map_payload

ACCEPTED: Final = b'{"success":true}'
_CACHED: Final = ((b"cache-control", b"public, max-age=300"),)
_encode: Final = msgspec.json.Encoder().encode


def receive(kind: str) -> Endpoint:
    """Return the endpoint of a path. `kind`: `batch`, or the type of the single event that the path takes."""
    return partial(_receive, kind)


async def _receive(kind: str, request: Request, services: Services) -> Answer | Refusal:
    key = key_of_headers(request) or key_of_query(request)
    entry = admit_key(request, services, key) if key else None
    if isinstance(entry, Refusal):
        return entry
    payload = read_payload(request, SEGMENT_BODY_BYTES)
    if isinstance(payload, Refusal):
        return payload
    if entry is None:  # former versions of the browser SDK have the key in the body only
        key = _key_of_body(payload)
        entry = admit_key(request, services, key)
        if isinstance(entry, Refusal):
            return entry
    sent_at = request.headers.get(b"sentat")  # RudderStack's browser SDK
    if sent_at is not None and isinstance(payload, dict):
        payload.setdefault("sentAt", sent_at.decode("latin-1"))
    outcomes = map_payload(payload, kind, client_of(request))
    refused = await deliver_outcomes(request, services, entry, outcomes, key)
    return Answer(200, ACCEPTED, key_id=entry.key_id) if refused is None else refused._replace(key_id=entry.key_id)


def _key_of_body(payload: object) -> str:
    """Return the write key in a body, or in the first event of its batch; '' without."""
    if not isinstance(payload, dict):
        return ""
    key = payload.get("writeKey")
    batch = payload.get(BATCH)
    if not key and isinstance(batch, list) and batch and isinstance(batch[0], dict):
        key = batch[0].get("writeKey")
    return key if isinstance(key, str) else ""


async def receive_metrics(request: Request, services: Services) -> Answer:
    """Return 200: what SDKs report about themselves is not kept."""
    return Answer(200, ACCEPTED)


async def answer_settings(request: Request, services: Services) -> Answer | Refusal:
    """Return the settings for Segment's browser SDK, which sends no event without them.

    They name no integration but the collector, so the SDK loads nothing else. The path has the key.
    """
    key = request.path.removesuffix("/settings").rpartition("/")[2]
    entry = admit_key(request, services, key)
    if isinstance(entry, Refusal):
        return entry
    settings = {
        "integrations": {
            "Segment.io": {
                "apiKey": key,
                "unbundledIntegrations": [],
                "addBundledMetadata": True,
                "maybeBundledConfigIds": {},
            }
        },
        "plan": {"track": {"__default": {"enabled": True, "integrations": {}}}},
        "edgeFunction": {},
        "analyticsNextEnabled": True,
        "middlewareSettings": {},
        "enabledMiddleware": {},
        "metrics": {"sampleRate": 0},
        "legacyVideoPluginsEnabled": False,
        "remotePlugins": [],
    }
    return Answer(200, _encode(settings), headers=_CACHED, key_id=entry.key_id)


async def answer_source_config(request: Request, services: Services) -> Answer | Refusal:
    """Return the configuration for RudderStack's browser SDK: a source without destinations and without telemetry."""
    key = key_of_headers(request) or key_of_query(request)
    entry = admit_key(request, services, key)
    if isinstance(entry, Refusal):
        return entry
    off = {"enabled": False}
    source = {
        "id": entry.key_id,
        "name": entry.source,
        "writeKey": key,
        "enabled": True,
        "workspaceId": entry.tenant,
        "destinations": [],
        "connections": [],
        "dataplanes": {},
        "config": {"statsCollection": {"errors": off, "metrics": off}},
    }
    body = {"source": source, "updatedAt": "1970-01-01T00:00:00.000Z"}
    return Answer(200, _encode(body), headers=((b"cache-control", b"no-store"),), key_id=entry.key_id)

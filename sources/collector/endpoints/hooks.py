"""`/v1/hooks/{provider}/{source}`: webhooks of other services, verified and mapped by adapters.

An answer to a request that is not accepted is always the same, so that it teaches nothing; the metrics tell the cases
apart. A genuine request is answered once its touches, or the request itself in the quarantine, are durable.
"""

import logging
from enum import StrEnum
from typing import Final
from urllib.parse import parse_qsl

from sources.collector.delivery import unavailable
from sources.collector.hook_services import FetchError, QuarantinedRequest
from sources.collector.refusal import Refusal, RefusalReason, answer_refusal
from sources.collector.request import Answer, Request
from sources.collector.services import Services
from sources.collector.sink import RawRecord, RecordsTooLarge, SinkUnavailable
from sources.hooks.hook_request import HookRequest
from sources.hooks.kept_request import PATH, encode_kept, place_of
from sources.hooks.mapped_request import Hook, map_request
from sources.hooks.provider import HookAnswer, Verdict

log = logging.getLogger(__name__)

_MOST_PARAMETERS: Final = 100
_RETRY_AFTER_S: Final = 5
_NOT_ACCEPTED: Final = Refusal(RefusalReason.NOT_ACCEPTED, "the request is not accepted")


class HookResult(StrEnum):
    """What became of a request. The values are labels of a metric."""

    MAPPED = "mapped"  # into one touch or more
    NO_TOUCH = "no_touch"  # an event that is none, such as a test
    QUARANTINED = "quarantined"  # all of it or a part
    SET_UP = "set_up"  # a challenge or a confirmation
    FORGED = "forged"
    STALE = "stale"
    REPLAYED = "replayed"  # another event under a token that was used
    UNKNOWN = "unknown"  # no such provider and source are configured
    BUSY = "busy"  # the touches could not be made durable


async def receive_hook(request: Request, services: Services) -> Answer | Refusal:
    """Return the answer that the provider expects, once what the request says is durable."""
    provider_name, _, name = request.path.removeprefix(PATH).partition("/")
    hook = services.hooks.hooks.get((provider_name, name))
    if hook is None:
        services.metrics.hooks["unknown", HookResult.UNKNOWN.value] += 1
        return _NOT_ACCEPTED
    result, answer = await _receive(hook, hook_request_of(request, services.hooks.public_url), services)
    services.metrics.hooks[hook.provider.name, result.value] += 1
    return answer._replace(key_id=f"{provider_name}/{name}")


async def _receive(hook: Hook, request: HookRequest, services: Services) -> tuple[HookResult, Answer | Refusal]:
    provider, source = hook.provider, hook.source
    if challenge := provider.challenge(request, source):
        return HookResult.SET_UP, _answer(challenge)
    try:
        if url := provider.certificate_url(request, source):
            request = request._replace(certificate=await services.hooks.fetcher.certificate(url))
        verdict = provider.verify(request, source)
        if verdict is not Verdict.GENUINE:
            return HookResult(verdict.value), _NOT_ACCEPTED
        if _is_replayed(hook, request, services):
            return HookResult.REPLAYED, _NOT_ACCEPTED
        if url := provider.confirmation_url(request, source):
            await services.hooks.fetcher.call(url)
            log.warning("The subscription of %s/%s is confirmed.", provider.name, source.name)
            return HookResult.SET_UP, _answer(provider.accepted)
    except FetchError as failure:
        log.warning("A fetch for %s/%s failed: %s.", provider.name, source.name, failure)
        refusal = Refusal(RefusalReason.SINK_UNAVAILABLE, "send the request again later", _RETRY_AFTER_S)
        return HookResult.BUSY, answer_refusal(refusal, provider.busy_status)
    return await _deliver(hook, request, services)


def _is_replayed(hook: Hook, request: HookRequest, services: Services) -> bool:
    token = hook.provider.token(request, hook.source)
    name = f"{hook.provider.name}/{hook.source.name}"
    return bool(token) and not services.hooks.tokens.accepts(name, token, request.body, request.received_at_ms)


async def _deliver(hook: Hook, request: HookRequest, services: Services) -> tuple[HookResult, Answer]:
    """Commit the touches of a genuine request, and the request itself if not all of it can be mapped."""
    mapped = map_request(hook, request, services.check)
    prefix, at_ms = services.config.topic_prefix, request.received_at_ms
    records = [RawRecord(prefix + channel, value, at_ms) for channel, value in mapped.messages]
    if mapped.unmappable:
        kept = encode_kept(hook.provider, hook.source, request)
        place = place_of(hook.provider.name, hook.source.name, kept)
        records.append(services.hooks.quarantine(QuarantinedRequest(*place, mapped.unmappable, kept, at_ms)))
    too_large: tuple[int, ...] = ()
    try:
        if records:
            await services.sink.commit(records)
    except RecordsTooLarge as refusal:
        too_large = refusal.positions
        log.error("Kafka refuses %d records of webhooks as too large: raise max.message.bytes.", len(too_large))
    except SinkUnavailable as failure:
        services.metrics.count_refusal(RefusalReason.SINK_UNAVAILABLE)
        return HookResult.BUSY, answer_refusal(unavailable(failure), hook.provider.busy_status)
    for position, (channel, _) in enumerate(mapped.messages):
        if position in too_large:
            services.metrics.count_rejected(channel, "too_large")
        else:
            services.metrics.touches[channel, "accepted"] += 1
    result = HookResult.QUARANTINED if mapped.unmappable else HookResult.MAPPED if records else HookResult.NO_TOUCH
    return result, _answer(hook.provider.accepted)


def hook_request_of(request: Request, public_url: str) -> HookRequest:
    """Return a request as adapters read it, with the address that the provider called."""
    query = request.query.decode("latin-1")
    try:
        parameters = dict(parse_qsl(query, keep_blank_values=True, max_num_fields=_MOST_PARAMETERS))
    except ValueError:  # too many
        parameters = {}
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in request.headers.items()}
    url = f"{public_url}{request.path}{'?' if query else ''}{query}"
    return HookRequest(request.method, url, parameters, headers, request.body, request.received_at_ms)


def _answer(answer: HookAnswer) -> Answer:
    return Answer(answer.status, answer.body, answer.content_type, answer.headers)

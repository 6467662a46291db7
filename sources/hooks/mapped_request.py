"""From a genuine request to raw messages: its adapter's touches with tenant and source, each checked by the contract.

A fault of an adapter or a touch that the contract refuses makes the request unmappable, so that it is kept and can be
mapped again. Touches beside it are sent nevertheless: event ids make them count once.
"""

import logging
from collections.abc import Callable
from hashlib import blake2b
from typing import Final, NamedTuple

from schemas.channels import CHANNELS
from schemas.rejected import Rejected
from sources.hooks.hook_request import HookRequest
from sources.hooks.provider import HookSource, Provider, Unmappable
from sources.messages import encode_touch

log = logging.getLogger(__name__)

LARGEST_BYTES: Final = 32_000  # of a touch, as of any other that the collector takes
_ID_BYTES: Final = 16

ContractCheck = Callable[[str, bytes], Rejected | None]
"""Returns why intake would refuse the value of a raw record of a channel, or None."""


class Hook(NamedTuple):
    """A configured source with its adapter, and what its touches are stamped with."""

    provider: Provider
    source: HookSource
    tenant: str
    label: str  # becomes the field `source` of the touches


class MappedRequest(NamedTuple):
    """The raw messages of a request as (channel, value), and why something of it cannot be mapped; '' if all can."""

    messages: tuple[tuple[str, bytes], ...]
    unmappable: str


def map_request(hook: Hook, request: HookRequest, check: ContractCheck) -> MappedRequest:
    """Return the raw messages of a request that has been verified."""
    try:
        touches = hook.provider.map(request, hook.source)
    except Exception as error:  # a defect of an adapter must not lose an event
        log.exception("The adapter %s failed.", hook.provider.name)
        return MappedRequest((), f"the adapter failed ({type(error).__name__}): report it, and map it again later")
    if isinstance(touches, Unmappable):
        return MappedRequest((), touches.detail)
    messages: list[tuple[str, bytes]] = []
    refused: list[str] = []
    for position, (channel, fields) in enumerate(touches):
        touch = {**fields, "tenant": hook.tenant, "source": hook.label}
        if not touch.get("event_id"):
            touch["event_id"] = f"{blake2b(request.body, digest_size=_ID_BYTES).hexdigest()}-{position}"
        try:
            value = encode_touch(touch)
        except ValueError as error:
            refused.append(f"touch {position + 1}: {error}")
            continue
        if why := _refusal(channel, value, check):
            refused.append(f"touch {position + 1}: {why}")
        else:
            messages.append((channel, value))
    return MappedRequest(tuple(messages), "; ".join(refused))


def _refusal(channel: str, value: bytes, check: ContractCheck) -> str:
    if channel not in CHANNELS:
        return f"there is no channel {channel}"
    if len(value) > LARGEST_BYTES:
        return f"its message has {len(value):,} bytes, more than {LARGEST_BYTES:,}"
    rejected = check(channel, value)
    return f"{rejected.reason.value}: {rejected.detail}" if rejected else ""

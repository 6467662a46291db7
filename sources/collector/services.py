"""What all endpoints of a collector share, and the type of an endpoint."""

from collections.abc import Awaitable, Callable
from typing import NamedTuple

from schemas.rejected import Rejected
from sources.collector.config import CollectorConfig
from sources.collector.keys.entry import KeyDirectory
from sources.collector.keys.rates import RateLimiter
from sources.collector.metrics import CollectorMetrics
from sources.collector.refusal import Refusal
from sources.collector.request import Answer, Request
from sources.collector.sink import Sink

ContractCheck = Callable[[str, bytes], Rejected | None]
"""Returns why intake would refuse the value of a raw record of a channel, or None."""


class Services(NamedTuple):
    """The services of one collector."""

    keys: KeyDirectory
    rates: RateLimiter
    sink: Sink
    metrics: CollectorMetrics
    config: CollectorConfig
    check: ContractCheck


Endpoint = Callable[[Request, Services], Awaitable[Answer | Refusal]]
"""Returns the answer to a request, or a refusal, which the app counts and answers as JSON."""

"""What all endpoints of a collector share, and the type of an endpoint."""

from collections.abc import Awaitable, Callable
from typing import NamedTuple

from sources.collector.config import CollectorConfig
from sources.collector.hook_services import HookServices
from sources.collector.keys.entry import KeyDirectory
from sources.collector.keys.rates import RateLimiter
from sources.collector.metrics import CollectorMetrics
from sources.collector.refusal import Refusal
from sources.collector.request import Answer, Request
from sources.collector.sink import Sink
from sources.hooks.mapped_request import ContractCheck
from sources.sdks.view_times import ViewTimes

__all__ = ["ContractCheck", "Endpoint", "Services"]


class Services(NamedTuple):
    """The services of one collector."""

    keys: KeyDirectory
    rates: RateLimiter
    sink: Sink
    metrics: CollectorMetrics
    config: CollectorConfig
    check: ContractCheck
    hooks: HookServices
    view_times: ViewTimes


Endpoint = Callable[[Request, Services], Awaitable[Answer | Refusal]]
"""Returns the answer to a request, or a refusal, which the app counts and answers as JSON."""

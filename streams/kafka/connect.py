"""The wait for a Kafka that does not answer."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from aiokafka.errors import KafkaError

RETRY_S = 3.0
STOP_POLL_S = 0.1

log = logging.getLogger(__name__)


async def wait_for_kafka(address: str, connect: Callable[[], Awaitable[Any]], stopped: Callable[[], bool]) -> Any:
    """Call `connect` until it succeeds, with a line every few seconds. Returns its result, None once `stopped`."""
    while not stopped():
        try:
            return await connect()
        except KafkaError:
            log.warning("Kafka at %s does not answer; trying again every %g s.", address, RETRY_S)
        for _ in range(round(RETRY_S / STOP_POLL_S)):
            if not stopped():
                await asyncio.sleep(STOP_POLL_S)
    return None

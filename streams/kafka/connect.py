"""Connecting to a Kafka that may not answer yet."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from aiokafka.errors import KafkaError

RETRY_S = 3.0
STOP_POLL_S = 0.1

log = logging.getLogger(__name__)


async def start_or_stop(start: Callable[[], Awaitable[Any]], stop: Callable[[], Awaitable[Any]]) -> None:
    """Start a client. If that fails, stop it, because a client that is half started keeps its connections."""
    try:
        await start()
    except BaseException:
        await stop()
        raise


async def wait_for_kafka(address: str, connect: Callable[[], Awaitable[Any]], stopped: Callable[[], bool]) -> Any:
    """Call `connect` until it succeeds and return its result, None once `stopped`. Log a line every few seconds."""
    while not stopped():
        try:
            return await connect()
        except KafkaError:
            log.warning("Kafka at %s does not answer; retrying every %g s.", address, RETRY_S)
        for _ in range(round(RETRY_S / STOP_POLL_S)):
            if not stopped():
                await asyncio.sleep(STOP_POLL_S)
    return None

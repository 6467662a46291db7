"""Waiting for a condition."""

import asyncio
from collections.abc import Callable


async def until(true: Callable[[], object]) -> None:
    """Return once a condition holds, letting other tasks run."""
    while not true():  # noqa: ASYNC110
        await asyncio.sleep(0)

"""The client of a thread: statements run in the event loop, and end with the question."""

import asyncio
from typing import Any

import pytest

from dashboards.api.reader.statements import QuestionEndedError, Statements


async def test_a_statement_runs_in_the_loop() -> None:
    async def send(text: str, parameters: Any) -> str:
        return f"{text} {parameters}"

    statements = Statements(asyncio.get_running_loop(), send)
    assert await asyncio.to_thread(statements.query, "SELECT 1", {"a": 1}) == "SELECT 1 {'a': 1}"


async def test_an_end_cancels_the_statement_and_refuses_others() -> None:
    sent, cancelled = asyncio.Event(), asyncio.Event()

    async def send(text: str, parameters: Any) -> None:
        sent.set()
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.set()

    statements = Statements(asyncio.get_running_loop(), send)
    thread = asyncio.create_task(asyncio.to_thread(statements.query, "SELECT 1"))
    await sent.wait()
    statements.end()
    with pytest.raises(QuestionEndedError):
        await thread
    await cancelled.wait()
    with pytest.raises(QuestionEndedError):
        await asyncio.to_thread(statements.query, "SELECT 1")

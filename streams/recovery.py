"""Making the state of newly assigned partitions again, while the others are worked on."""

import asyncio
from typing import Any

from aiokafka.client import AIOKafkaClient

from streams.changelog import Reading, read_changelogs
from streams.exits import leave
from streams.fetching import wait_for_kafka


class Recovery:
    """Reads what the tables of an app miss, in one task that is started again at each assignment."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self._task: asyncio.Task[None] | None = None

    def resume(self) -> None:
        """Read what is missing now. What was begun and still belongs here goes on from where it is."""
        self.stop()
        readings = [reading for table in self._app.batch_tables for reading in table.unread()]
        if readings:
            self._task = asyncio.create_task(self._run(readings), name="recovery")

    def stop(self) -> None:
        """Read no further."""
        if self._task is not None:
            self._task.cancel()
            self._task = None

    async def _run(self, readings: list[Reading]) -> None:
        address = self._app.address
        client = await wait_for_kafka(address, self._connect, lambda: bool(self._app.should_stop))
        if client is None:
            return
        try:
            await read_changelogs(readings, client, address)
        except Exception as error:
            leave(f"Changelogs could not be read: {type(error).__name__}: {error}.", error)
        finally:
            await client.close()

    async def _connect(self) -> AIOKafkaClient:
        client = AIOKafkaClient(bootstrap_servers=self._app.address, client_id=f"{self._app.conf.id}-recovery")
        try:
            await client.bootstrap()
        except BaseException:
            await client.close()
            raise
        return client

"""Recovery of newly assigned partitions, while the others are processed, and following for standbys."""

import asyncio
from collections.abc import Iterable
from itertools import chain
from typing import Any

from aiokafka.client import AIOKafkaClient
from aiokafka.errors import KafkaConnectionError
from kafka.admin import KafkaAdminClient
from kafka.errors import KafkaError

from streams.fail_fast import exit_now
from streams.kafka.connect import start_or_stop, wait_for_kafka
from streams.state.changelog_reader import ChangelogCursor, follow_changelogs, read_changelogs

REQUEST_TIMEOUT_MS = 5000


class Recovery:
    """Reads what the tables of an app lack, in one task that each assignment starts again."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self._task: asyncio.Task[None] | None = None

    def resume(self) -> None:
        """Read what is missing now, then follow. Cursors that still belong here continue at their positions."""
        self.stop()
        if self._unread() or self._followed():
            self._task = asyncio.create_task(self._run(), name="recovery")

    def stop(self) -> None:
        """Stop reading."""
        if self._task is not None:
            self._task.cancel()
            self._task = None

    def _unread(self) -> list[ChangelogCursor]:
        return list(chain.from_iterable(table.unread() for table in self._app.changelog_tables))

    def _followed(self) -> list[ChangelogCursor]:
        return list(chain.from_iterable(table.followed() for table in self._app.changelog_tables))

    def _follow(self) -> list[ChangelogCursor]:
        """Return the cursors to follow. Once all are warm, the worker rejoins if it is to get more partitions."""
        cursors = self._followed()
        thread = self._app.consumer.thread
        if thread.rejoin_pending and all(cursor.remaining == 0 for cursor in cursors):
            thread.rejoin()
        return cursors

    async def _run(self) -> None:
        address = self._app.address
        client = await wait_for_kafka(address, self._connect, lambda: bool(self._app.should_stop))
        if client is None:
            return
        try:
            if not await self._attach(address):
                return
            await read_changelogs(self._unread(), client, address)
            if self._followed():
                await follow_changelogs(self._follow, client)
        except Exception as error:
            exit_now(f"Changelogs could not be read: {type(error).__name__}: {error}.", error)
        finally:
            await client.close()

    async def _attach(self, address: str) -> bool:
        """Name the logs to stores that outlive the process. Return False if the worker stops first."""
        tables = [table for table in self._app.changelog_tables if not table.attached]
        if tables:
            names = [table.changelog for table in tables]

            async def request() -> dict[str, str]:
                return await asyncio.to_thread(read_log_ids, address, names)

            ids = await wait_for_kafka(address, request, lambda: bool(self._app.should_stop))
            if ids is None:
                return False  # not the same as an unknown id: the stores may be right
            for table in tables:
                table.attach(ids.get(table.changelog))
        return True

    async def _connect(self) -> AIOKafkaClient:
        client = AIOKafkaClient(bootstrap_servers=self._app.address, client_id=f"{self._app.conf.id}-recovery")
        await start_or_stop(client.bootstrap, client.close)
        return client


def read_log_ids(address: str, topics: Iterable[str]) -> dict[str, str]:
    """Return Kafka's ids of topics, which differ even for topics of one name. Topics without an id are left out.

    Raises aiokafka's KafkaError if Kafka does not answer.
    """
    admin: KafkaAdminClient | None = None
    try:
        admin = KafkaAdminClient(
            bootstrap_servers=address, client_id="touchline-recovery", request_timeout_ms=REQUEST_TIMEOUT_MS
        )
        answer = admin.describe_topics(list(topics))
    except KafkaError as error:
        raise KafkaConnectionError(str(error)) from error
    finally:
        if admin is not None:
            admin.close()
    ids = {str(topic["name"]): str(topic.get("topic_id") or "") for topic in answer if not topic.get("error_code")}
    return {name: found for name, found in ids.items() if found.strip("0-")}

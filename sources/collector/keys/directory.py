"""The write keys, or other secrets, as the topic has them now: read to its end at the start, and followed from there.

A fetch request waits at the broker for new records, so a new or revoked key takes effect within milliseconds. While
Kafka does not answer, the entries read so far hold: a collector with a spool continues to serve its clients, and
revocations take effect when Kafka returns. With a file for saved entries, this includes one that starts meanwhile.
"""

import asyncio
import logging
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Final, Generic, Self

from aiokafka.errors import KafkaError

from sources.collector.keys.entry_layout import E, EntryLayout
from sources.collector.keys.key_table import KeyTable
from sources.collector.keys.saved_entries import load_entries, save_entries
from sources.collector.keys.topic import KeyTopicMissingError, open_reader

FIRST_PAUSE_S: Final = 0.1
LONGEST_PAUSE_S: Final = 3.0

log = logging.getLogger(__name__)


class TopicDirectory(Generic[E]):
    """A directory that follows a topic of entries while it is open as an async context manager.

    Opening it does not wait for Kafka: until the topic was read, `ready` returns why not, and no key is found. If Kafka
    does not answer then and `saved` is a file of a former run, the entries in it hold. They are not used otherwise,
    because keys may have been revoked since.
    """

    def __init__(self, kafka: str, topic: str, layout: EntryLayout[E], saved: Path | None = None) -> None:
        self._kafka = kafka
        self._topic = topic
        self._layout = layout
        self._saved = saved
        self._table = KeyTable[E]()
        self._loaded = asyncio.Event()
        self._reason = f"the {layout.noun}s are being read"
        self._task: asyncio.Task[None] | None = None
        self._closing = False

    def find(self, key: str) -> E | None:
        """Return the entry of a secret; None if it is unknown or revoked, or the topic was not read yet."""
        return self._table.find(key)

    def entries(self) -> dict[bytes, E]:
        """Return all entries by hash, revoked ones included."""
        return self._table.entries()

    def ready(self) -> str | None:
        """Return why keys cannot be looked up yet, None if they can."""
        return None if self._loaded.is_set() else self._reason

    async def wait_ready(self) -> None:
        """Return once keys can be looked up."""
        await self._loaded.wait()

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._run())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing = True
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _run(self) -> None:
        """Read and follow the topic; after an error, wait and read it again. Log one warning per outage."""
        pause_s, warned = FIRST_PAUSE_S, False
        while not self._closing:  # an error of the client at the moment of the cancellation replaces it
            try:
                async with open_reader(self._kafka, self._topic, self._layout) as reader:
                    self._table = await reader.load()
                    self._loaded.set()
                    self._save()
                    pause_s, warned = FIRST_PAUSE_S, False
                    while True:
                        if await reader.poll(self._table):
                            self._save()
            except KeyTopicMissingError as error:
                self._reason = (
                    f"{error}: start a worker, or create a {self._layout.noun} with `{self._layout.command} create`"
                )
            except (KafkaError, OSError) as error:
                self._reason = f"Kafka at {self._kafka} does not answer ({type(error).__name__})"
                self._use_saved()
            if not warned:
                noun, why = self._layout.noun, self._reason
                log.warning("The %ss cannot be read: %s. Retrying every %g s.", noun, why, LONGEST_PAUSE_S)
                warned = True
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)

    def _save(self) -> None:
        """Save all entries. A full disk is no reason to stop: the file then stays as it was."""
        if self._saved is None:
            return
        try:
            save_entries(self._saved, self._layout, self._table.entries())
        except OSError as error:
            why = error.strerror or error
            log.warning("The %ss cannot be saved to %s (%s).", self._layout.noun, self._saved, why)

    def _use_saved(self) -> None:
        """Use the entries of a former run, unless the topic was read in this one."""
        if self._saved is None or self._loaded.is_set():
            return
        table = load_entries(self._saved, self._layout)
        if table is not None:
            self._table = table
            self._loaded.set()

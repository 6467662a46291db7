"""The folder of the spool: what all requests append at the same time shares one write and one fsync."""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple, TypeVar

from deploy.folder_lock import FolderLock, lock_folder
from sources.collector.sink import RawRecord, SinkUnavailable
from sources.collector.spool.frame import encode_frame
from sources.collector.spool.segment import OpenSegment, created_at_ms, delete_segment, list_segments, name_segment

log = logging.getLogger(__name__)

RETRY_AFTER_S: Final = 5
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class SpoolLimits:
    """`total_bytes`: size of all segments. `segment_bytes`: size from which a new segment is begun; also what a crash
    during a drain sends again. `waiting_bytes`: memory for frames that wait for the disk.
    """

    total_bytes: int = 1024 * 1024 * 1024
    segment_bytes: int = 8 * 1024 * 1024
    waiting_bytes: int = 64 * 1024 * 1024


@dataclass(slots=True)
class SpoolUsage:
    """What the spool holds (`stored_bytes`, damaged files not included), and counts since the start."""

    stored_bytes: int = 0
    appended: int = 0
    drained: int = 0
    damaged: int = 0  # ranges or records set aside


class Append(NamedTuple):
    """Frames that wait for the disk."""

    frames: bytes
    records: int
    synced: "asyncio.Future[None]"


class Spool:
    """A locked folder of segments, used in one event loop; a thread of its own does the writing.

    Raises `FolderInUseError` if another process has the folder, and OSError if it cannot be used.
    """

    def __init__(self, folder: Path, limits: SpoolLimits | None = None) -> None:
        self.folder = folder
        self.usage = SpoolUsage()
        self.appended = asyncio.Event()  # set while there may be something to drain
        self.appended.set()
        self.emptied = asyncio.Event()  # set when the drain has found nothing
        self._limits = limits or SpoolLimits()
        self._lock: FolderLock = lock_folder(folder)
        self._sealed = {path: path.stat().st_size for path in list_segments(folder)}  # oldest first
        self._newest = max(self._sealed, key=created_at_ms, default=None)
        self.usage.stored_bytes = sum(self._sealed.values())
        self._open: OpenSegment | None = None
        self._waiting: list[Append] = []
        self._waiting_bytes = 0
        self._writing: asyncio.Task[None] | None = None
        self._thread = ThreadPoolExecutor(1, "spool")
        self._failure = ""
        self._failed_at_s = 0.0

    def ready(self) -> str | None:
        """Return why records are refused, or None. After a failure of the disk it is tried again some seconds later."""
        if self._failure and time.monotonic() < self._failed_at_s + RETRY_AFTER_S:
            return self._failure
        if self.usage.stored_bytes >= self._limits.total_bytes:
            return self._full()
        return None

    def oldest_age_s(self) -> float:
        """Return the age of the oldest segment in seconds, 0 if there is none."""
        oldest = next(iter(self._sealed), self._open.path if self._open else None)
        return 0.0 if oldest is None else max(0.0, time.time() - created_at_ms(oldest) / 1000)

    async def append(self, records: Sequence[RawRecord]) -> None:
        """Return once the records are synced to the disk. Raises SinkUnavailable."""
        frames = b"".join([encode_frame(record) for record in records])
        if self.usage.stored_bytes + self._waiting_bytes + len(frames) > self._limits.total_bytes:
            raise SinkUnavailable(f"{self._full()}.", RETRY_AFTER_S)
        if self._waiting and self._waiting_bytes + len(frames) > self._limits.waiting_bytes:
            raise SinkUnavailable(f"The disk of {self.folder} is too slow for the records that arrive.", RETRY_AFTER_S)
        synced: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(Append(frames, len(records), synced))
        self._waiting_bytes += len(frames)
        if self._writing is None or self._writing.done():
            self._writing = asyncio.get_running_loop().create_task(self._write_waiting())
        await synced

    async def oldest(self) -> Path | None:
        """Return the oldest segment for the drain, None if the spool is empty. No more is appended to it."""
        if not self._sealed:
            await self._in_thread(self._seal)
        if not self._sealed and not self._waiting:
            self.appended.clear()
            self.emptied.set()
        return next(iter(self._sealed), None)

    async def delete(self, segment: Path) -> None:
        """Delete a segment whose records Kafka has. Raises OSError."""
        await self._in_thread(lambda: delete_segment(segment))
        self.usage.stored_bytes -= self._sealed.pop(segment)

    def postpone(self, segment: Path) -> None:
        """Let the drain take the other segments first."""
        self._sealed[segment] = self._sealed.pop(segment)

    async def close(self) -> None:
        """Finish what is being written, close the segment and release the folder."""
        while self._writing is not None and not self._writing.done():
            await asyncio.wait([self._writing])
        await self._in_thread(self._seal)
        self._thread.shutdown()
        self._lock.release()

    async def _write_waiting(self) -> None:
        while self._waiting:
            group, self._waiting = self._waiting, []
            frames = b"".join([one.frames for one in group])
            try:
                await self._in_thread(lambda frames=frames: self._write(frames))  # type: ignore[misc]
            except OSError as error:
                self._fail(group, error)
            else:
                self._failure = ""
                self.usage.stored_bytes += len(frames)
                self.usage.appended += sum(one.records for one in group)
                self.appended.set()
                self.emptied.clear()
                for one in group:
                    if not one.synced.done():
                        one.synced.set_result(None)
            finally:
                self._waiting_bytes -= len(frames)

    def _write(self, frames: bytes) -> None:
        if self._open is None:
            path = self.folder / name_segment(int(time.time() * 1000), self._newest)
            self._open = OpenSegment(path)
            self._newest = path
        try:
            self._open.append(frames)
        except OSError:
            # After a failed sync the kernel may have dropped pages: nothing more is written to this file.
            if self._open.size_bytes:
                self._seal()
            else:  # it has nothing that was acknowledged, and a full disk must not gather empty files
                self._discard()
            raise
        if self._open.size_bytes >= self._limits.segment_bytes:
            self._seal()

    def _seal(self) -> None:
        if self._open is not None:
            self._open.close()
            self._sealed[self._open.path] = self._open.size_bytes
            self._open = None

    def _discard(self) -> None:
        if self._open is not None:
            self._open.close()
            self._open.path.unlink(missing_ok=True)
            self._open = None

    def _fail(self, group: list[Append], error: OSError) -> None:
        if not self._failure:
            log.error("The spool %s cannot be written (%s); requests are refused.", self.folder, error.strerror)
        self._failure = f"The spool {self.folder} cannot be written ({error.strerror}): free space on its disk"
        self._failed_at_s = time.monotonic()
        for one in group:
            if not one.synced.done():
                one.synced.set_exception(SinkUnavailable(f"{self._failure}.", RETRY_AFTER_S))

    def _full(self) -> str:
        return f"The spool {self.folder} has reached its limit of {self._limits.total_bytes} bytes"

    async def _in_thread(self, call: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, call)

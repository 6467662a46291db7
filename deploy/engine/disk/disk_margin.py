"""Keeps room free on the engine's disk: stops inserts and merges below a margin, and resumes them by itself.

A shortage begins when a check finds less room than the margin: running merges are cancelled and new ones stopped,
INSERTs are refused with code 243, and one line is logged. When there is room again, the parts that were written as the
shortage began are inspected, then merges and INSERTs resume.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from deploy.engine.disk import part_inspection
from deploy.engine.disk.free_space import MB, DiskSpace, Margin, read_disk_space
from deploy.engine.disk.part_inspection import Part
from deploy.engine.log import log_line

_LOW_CHECK_S: Final = 0.25
_BEFORE_S: Final = 5.0  # parts written so long before a shortage was found may be damaged, too


class NoSpaceError(Exception):
    """An INSERT was not stored because the disk is full, or nearly so; the message is one sentence."""


class SpaceMonitor:
    """Watches the disk of `folder` in a thread of its own, with its own connection.

    Methods may be called from any thread.
    """

    def __init__(self, connection: Any, folder: Path, margin: Margin) -> None:
        self._connection = connection
        self._folder = folder
        self._margin = margin
        self._low = False
        self._begun_s = 0.0
        self._shortages = 0
        self._dropped = 0
        self._detached: list[Part] = []
        self._last_failure = ""
        self._checking = threading.Lock()
        self._ended = threading.Event()
        self.check()
        self._thread = threading.Thread(target=self._watch, name="room", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop the thread and close the connection."""
        self._ended.set()
        self._thread.join()
        self._connection.close()

    @property
    def is_low(self) -> bool:
        return self._low

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Enclose an INSERT. Raises NoSpaceError if there is no room before it, or if it may be damaged after it."""
        if self.check():
            raise NoSpaceError(self._sentence(read_disk_space(self._folder)))
        begun_s, shortages, dropped = time.time(), self._shortages, self._dropped
        yield
        if not self.check() and (shortages, dropped) == (self._shortages, self._dropped):
            return
        with self._checking:
            damaged = dropped != self._dropped or part_inspection.damaged_parts(self._connection, begun_s)
        if damaged:
            raise NoSpaceError("The disk ran full while this INSERT was written, and it may be damaged: send it again.")

    def check(self) -> bool:
        """Check the disk and begin or end a shortage; return whether there is too little room."""
        if not self._low and not self._margin.is_low(read_disk_space(self._folder).free_bytes, was_low=False):
            return False
        with self._checking:
            space = read_disk_space(self._folder)  # again: another thread may have ended a shortage since
            low = self._margin.is_low(space.free_bytes, was_low=self._low)
            if low and not self._low:
                self._begin(space)
            elif self._low and not low:
                self._end(space)
            return self._low

    def _begin(self, space: DiskSpace) -> None:
        self._low, self._begun_s, self._shortages = True, time.time(), self._shortages + 1
        log_line(self._sentence(space))
        self._try("SYSTEM STOP MERGES")
        self._undo_merges()

    def _end(self, space: DiskSpace) -> None:
        if not (self._undo_merges() and self._drop_droppedd()):
            return
        self._try("SYSTEM START MERGES")
        self._low = False
        log_line(f"The engine stores again: {space.free_bytes // MB} MB are free on {self._folder}.")

    def _sentence(self, space: DiskSpace) -> str:
        return (
            f"The engine has stopped storing: only {space.free_bytes // MB} MB are free on {self._folder}, and it "
            f"stops below {self._margin.stop_bytes // MB} MB. Make room there; it resumes by itself from "
            f"{self._margin.resume_bytes // MB} MB on."
        )

    def _undo_merges(self) -> bool:
        """Replace damaged merged parts by their source parts; return whether all tables are attached again."""
        try:
            for part in part_inspection.damaged_parts(self._connection, self._begun_s - _BEFORE_S):
                if part.derived and part_inspection.detach_table(self._connection, part):
                    self._detached.append(part)
                    name = f"{part.name} of {part.database}.{part.table}"
                    log_line(f"Part {name} was damaged as the disk ran full: its merge was undone.")
            while self._detached:
                part_inspection.attach_table(self._connection, self._detached[0])
                part_inspection.forget(self._connection, self._detached.pop(0))
        except RuntimeError as error:
            self._log_failure(error)
            return False
        return True

    def _drop_droppedd(self) -> bool:
        try:
            for part in part_inspection.damaged_parts(self._connection, self._begun_s - _BEFORE_S):
                where = f"Part {part.name} of {part.database}.{part.table} was damaged as the disk ran full"
                if part.derived:
                    log_line(f"{where}, and its source parts are gone: its rows are lost.")
                    continue
                self._dropped += 1
                part_inspection.drop(self._connection, part)
                log_line(f"{where}: dropped, its INSERT was not acknowledged.")
        except RuntimeError as error:
            self._log_failure(error)
            return False
        return True

    def _log_failure(self, error: RuntimeError) -> None:
        """Log that an inspection failed, once per reason. It is retried at the next check."""
        why = f"The parts written as the disk ran full cannot be inspected yet: {_first_line(error)}"
        if why != self._last_failure:
            log_line(why)
        self._last_failure = why

    def _try(self, sql: str) -> None:
        try:
            self._connection.query(sql)
        except RuntimeError as error:
            log_line(f"{sql} failed: {_first_line(error)}")

    def _watch(self) -> None:
        wait_s = 0.0
        while not self._ended.wait(wait_s):
            try:
                self.check()
                wait_s = (
                    _LOW_CHECK_S if self._low else self._margin.next_check_s(read_disk_space(self._folder).free_bytes)
                )
            except (OSError, RuntimeError) as error:
                log_line(f"The free room on {self._folder} cannot be read: {error}")
                wait_s = 1.0


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0][:300]

"""Keeps room free on the engine's disk: looks often, stops inserts and merges below the margin, resumes by itself.

A spell of too little room begins with a look that finds less than the margin: merges are stopped (those that run are
cancelled), INSERTs are refused with code 243, and one line is logged. When there is room again, what was written
as the spell began is inspected first, then merges and INSERTs go on.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from deploy.engine.disk import part_inspection
from deploy.engine.disk.free_space import MB, Margin, Room, look
from deploy.engine.disk.part_inspection import Part
from deploy.engine.log import log_line

_LOW_LOOK_S: Final = 0.25
_BEFORE_S: Final = 5.0  # what was written so long before a spell was found may be damaged, too


class NoRoomError(Exception):
    """An INSERT was not stored because the disk is full, or nearly so; the message is a sentence for people."""


class RoomKeeper:
    """Watches the disk of `folder` from a thread of its own, with a connection of its own.

    Methods may be called from any thread.
    """

    def __init__(self, connection: Any, folder: Path, margin: Margin) -> None:
        self._connection = connection
        self._folder = folder
        self._margin = margin
        self._low = False
        self._begun_s = 0.0
        self._spells = 0
        self._damage = 0
        self._detached: list[Part] = []
        self._complaint = ""
        self._looking = threading.Lock()
        self._ended = threading.Event()
        self.look()
        self._thread = threading.Thread(target=self._watch, name="room", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End the thread and close the connection."""
        self._ended.set()
        self._thread.join()
        self._connection.close()

    @property
    def is_low(self) -> bool:
        return self._low

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Let an INSERT run; NoRoomError when there is no room before it, or when it may be damaged after it."""
        if self.look():
            raise NoRoomError(self._sentence(look(self._folder)))
        begun_s, spells, damage = time.time(), self._spells, self._damage
        yield
        if not self.look() and (spells, damage) == (self._spells, self._damage):
            return
        with self._looking:
            damaged = damage != self._damage or part_inspection.damaged_parts(self._connection, begun_s)
        if damaged:
            raise NoRoomError("The disk ran full while this INSERT was written, and it may be damaged: send it again.")

    def look(self) -> bool:
        """Look at the disk, and begin or end a spell; return whether there is too little room."""
        if not self._low and not self._margin.is_low(look(self._folder).free_bytes, was_low=False):
            return False
        with self._looking:
            room = look(self._folder)  # again: another thread may have ended a spell since
            low = self._margin.is_low(room.free_bytes, was_low=self._low)
            if low and not self._low:
                self._begin(room)
            elif self._low and not low:
                self._end(room)
            return self._low

    def _begin(self, room: Room) -> None:
        self._low, self._begun_s, self._spells = True, time.time(), self._spells + 1
        log_line(self._sentence(room))
        self._try("SYSTEM STOP MERGES")
        self._undo_merges()

    def _end(self, room: Room) -> None:
        if not (self._undo_merges() and self._drop_damaged()):
            return
        self._try("SYSTEM START MERGES")
        self._low = False
        log_line(f"The engine stores again: {room.free_bytes // MB} MB are free on {self._folder}.")

    def _sentence(self, room: Room) -> str:
        return (
            f"The engine has stopped storing: only {room.free_bytes // MB} MB are free on {self._folder}, and it stops "
            f"below {self._margin.stop_bytes // MB} MB. Make room there; it goes on by itself from "
            f"{self._margin.resume_bytes // MB} MB on."
        )

    def _undo_merges(self) -> bool:
        """Give damaged merged parts up for what they were made of; say whether all tables are there."""
        try:
            for part in part_inspection.damaged_parts(self._connection, self._begun_s - _BEFORE_S):
                if part.derived and part_inspection.detach_table(self._connection, part):
                    self._detached.append(part)
                    log_line(
                        f"Part {part.name} of {part.database}.{part.table} was damaged as the disk ran full: undone."
                    )
            while self._detached:
                part_inspection.attach_table(self._connection, self._detached[0])
                part_inspection.forget(self._connection, self._detached.pop(0))
        except RuntimeError as error:
            self._complain(error)
            return False
        return True

    def _drop_damaged(self) -> bool:
        try:
            for part in part_inspection.damaged_parts(self._connection, self._begun_s - _BEFORE_S):
                where = f"Part {part.name} of {part.database}.{part.table} was damaged as the disk ran full"
                if part.derived:
                    log_line(f"{where}, and what it was merged from is gone: its rows are lost here.")
                    continue
                self._damage += 1
                part_inspection.drop(self._connection, part)
                log_line(f"{where}: dropped, its INSERT was not acknowledged.")
        except RuntimeError as error:
            self._complain(error)
            return False
        return True

    def _complain(self, error: RuntimeError) -> None:
        """Say that an inspection failed, once until it fails for another reason; it is tried again at the next look."""
        why = f"The parts written as the disk ran full cannot be inspected yet: {_first_line(error)}"
        if why != self._complaint:
            log_line(why)
        self._complaint = why

    def _try(self, sql: str) -> None:
        try:
            self._connection.query(sql)
        except RuntimeError as error:
            log_line(f"{sql} failed: {_first_line(error)}")

    def _watch(self) -> None:
        wait_s = 0.0
        while not self._ended.wait(wait_s):
            try:
                self.look()
                wait_s = _LOW_LOOK_S if self._low else self._margin.next_look_s(look(self._folder).free_bytes)
            except (OSError, RuntimeError) as error:
                log_line(f"The room on {self._folder} cannot be found out: {error}")
                wait_s = 1.0


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0][:300]

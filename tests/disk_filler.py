"""Takes all room on a small file system, at once or in steps, and keeps it full until it is stopped."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from tests.small_disk import SmallDisk

LEAST_BYTES: Final = 4096
LOOK_S: Final = 0.05


class Filler:
    """Takes room without writing: fallocate(2) only reserves blocks, so that a disk of any size is full at once."""

    def __init__(self, descriptor: int, disk: SmallDisk, step_bytes: int) -> None:
        self._descriptor, self._disk, self._step_bytes = descriptor, disk, step_bytes
        self._at = 0

    def take(self) -> bool:
        """Take the next step; what others have freed since is taken, too. Whether the disk is full now."""
        size = self._step_bytes or max(self._disk.free_bytes, LEAST_BYTES)
        while size >= LEAST_BYTES:
            try:
                os.posix_fallocate(self._descriptor, self._at, size)
            except OSError:
                size //= 2
            else:
                self._at += size
                if size == self._step_bytes:
                    return False
        return True


@contextmanager
def filled(disk: SmallDisk, step_bytes: int = 0) -> Iterator[None]:
    """Fill the disk, `step_bytes` at a time (0: at once), and keep it full while the block runs; then make room."""
    path = disk.folder / "filler"
    over = threading.Event()
    with path.open("wb") as file:
        filler = Filler(file.fileno(), disk, step_bytes)

        def keep_full() -> None:
            while not over.wait(LOOK_S):
                filler.take()

        try:
            while not filler.take():
                over.wait(LOOK_S)
            thread = threading.Thread(target=keep_full, daemon=True)
            thread.start()
            yield
            over.set()
            thread.join()
        finally:
            over.set()
            path.unlink(missing_ok=True)

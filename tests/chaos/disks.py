"""Small disks for Kafka and the engine, so that a fault can take all room on one of them."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Final

from tests.chaos.report import say
from tests.small_disk import NotMountable, SmallDisk, small_disk

SIZE_MB: Final = 8192  # sparse: only what is written takes room on the machine's own disk
STEP_BYTES: Final = 64 << 20  # of a filler that is to be slow
LEAST_BYTES: Final = 4096


class Disk:
    """A folder that has a file system of its own where the machine allows one."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.small: SmallDisk | None = None
        self.folder = folder
        folder.mkdir()
        with suppress(NotMountable):
            self.small = stack.enter_context(small_disk(folder, SIZE_MB))
            self.folder = self.small.folder
        if self.small is None:
            say(f"no small file system can be mounted here: the disk of {folder.name} is never filled")


@contextmanager
def filled(disk: SmallDisk, step_bytes: int = 0) -> Iterator["Filler"]:
    """Take all room on the disk, `step_bytes` at a time (0: all at once), and give it back at the end."""
    path = disk.folder / "filler-chaos"
    with path.open("wb") as file:
        try:
            yield Filler(file.fileno(), disk, step_bytes)
        finally:
            path.unlink(missing_ok=True)


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

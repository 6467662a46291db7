"""Small disks for Kafka and the engine, so that a fault can take all room on one of them."""

from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Final

from tests.chaos.report import say
from tests.small_disk import NotMountableError, SmallDisk, small_disk

SIZE_MB: Final = 8192  # sparse: only what is written takes room on the machine's own disk


class Disk:
    """A folder that has a file system of its own where the machine allows one."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.small: SmallDisk | None = None
        self.folder = folder
        folder.mkdir()
        with suppress(NotMountableError):
            self.small = stack.enter_context(small_disk(folder, SIZE_MB))
            self.folder = self.small.folder
        if self.small is None:
            say(f"no small file system can be mounted here: the disk of {folder.name} is never filled")

"""Small disks for Kafka and the engine, which a fault can fill."""

from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Final

from tests.chaos.report import print_progress
from tests.small_disk import NotMountableError, SmallDisk, small_disk

SIZE_MB: Final = 8192  # sparse: only written data uses space on the machine's own disk


class Disk:
    """A folder on its own file system where the machine allows mounting one."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.small: SmallDisk | None = None
        self.folder = folder
        folder.mkdir()
        with suppress(NotMountableError):
            self.small = stack.enter_context(small_disk(folder, SIZE_MB))
            self.folder = self.small.folder
        if self.small is None:
            print_progress(f"no small file system can be mounted here: the disk of {folder.name} is never filled")

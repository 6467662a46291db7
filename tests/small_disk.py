"""A small file system of its own for a test, and a filler that takes all room on it.

Loop-mounted ext4 and tmpfs need root and mount(8). Where they cannot be had, a test that asks for them is skipped with
the reason; under `CI` it fails instead, so that what must run there is never skipped in silence.
"""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import pytest

FileSystem = Literal["ext4", "tmpfs"]
FILE_SYSTEMS: Final[tuple[FileSystem, ...]] = ("ext4", "tmpfs")
MB: Final = 1 << 20


class NotMountableError(Exception):
    """This machine gives no small file system; the message says why."""


@dataclass
class SmallDisk:
    """A mounted file system of `size_mb`. `folder` is where it is mounted; the filler's file lies beside the data."""

    folder: Path
    size_mb: int

    @property
    def free_bytes(self) -> int:
        """What a process without privileges may still write."""
        return shutil.disk_usage(self.folder).free

    def fill(self, *, leave_bytes: int = 0, step_bytes: int = MB, pause_s: float = 0.0) -> None:
        """Take all room but `leave_bytes`, `step_bytes` at a time with a pause in between; returns when it is taken."""
        with (self.folder / f"filler-{time.monotonic_ns()}").open("wb", buffering=0) as file:
            while (room := self.free_bytes - leave_bytes) > 0:
                try:
                    file.write(bytes(min(room, step_bytes)))
                except OSError:
                    break
                time.sleep(pause_s)
            if not leave_bytes:
                _write_until_full(file.fileno())

    def make_room(self, size_bytes: int | None = None) -> None:
        """Delete what `fill` wrote, or only so much of what it wrote last."""
        files = sorted(self.folder.glob("filler-*"))
        if size_bytes is not None:
            os.truncate(files[-1], max(0, files[-1].stat().st_size - size_bytes))
            return
        for file in files:
            file.unlink()


def _write_until_full(descriptor: int) -> None:
    """Take the last blocks too, and those that root alone may use."""
    size = MB
    while size >= 512:
        try:
            os.write(descriptor, bytes(size))
        except OSError:
            size //= 2


@contextmanager
def small_disk(folder: Path, size_mb: int, kind: FileSystem = "ext4") -> Iterator[SmallDisk]:
    """Mount a new file system below `folder` and give it; it is unmounted whatever happens.

    NotMountableError where the machine does not let us.
    """
    mounted = folder / f"disk-{time.monotonic_ns()}"
    mounted.mkdir(parents=True)
    if kind == "ext4":
        image = folder / f"{mounted.name}.img"
        with image.open("wb") as file:
            file.truncate(size_mb << 20)
        _run("mkfs.ext4", "-q", "-F", "-m", "0", str(image))
        _run("mount", "-o", "loop", str(image), str(mounted))
    else:
        image = None
        _run("mount", "-t", "tmpfs", "-o", f"size={size_mb}m,mode=0755", "tmpfs", str(mounted))
    try:
        yield SmallDisk(mounted, size_mb)
    finally:
        # Lazily: a process of a failed test may still have a file open; the mount goes with the last of them.
        subprocess.run(["umount", "--lazy", str(mounted)], check=False, capture_output=True)
        if image is not None:
            image.unlink(missing_ok=True)


def mounted_or_skipped(folder: Path, size_mb: int, kind: FileSystem = "ext4") -> Iterator[SmallDisk]:
    """For fixtures (`yield from`): the small file system, or a test skipped with the reason (fails under CI)."""
    try:
        with small_disk(folder, size_mb, kind) as disk:
            yield disk
    except NotMountableError as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"no small file system here: {error}")


def _run(*line: str) -> None:
    try:
        done = subprocess.run(line, capture_output=True, check=False)
    except FileNotFoundError as error:
        raise NotMountableError(f"{line[0]} is not installed") from error
    if done.returncode:
        raise NotMountableError(f"{' '.join(line)} ended with {done.returncode}: {done.stderr.decode().strip()}")

"""Segments: append-only files of frames, named by the time of their creation. Only the owner may read them."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Final

SUFFIX: Final = ".segment"
DAMAGED_SUFFIX: Final = ".damaged"


class OpenSegment:
    """The segment that is appended to. All methods block on the disk and raise OSError."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.size_bytes = 0
        self._fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
        try:
            sync_folder(path.parent)  # otherwise a crash of the machine could lose the name, and so the file
        except BaseException:
            self.close()
            path.unlink()
            raise

    def append(self, frames: bytes) -> None:
        """Write frames and sync them (fdatasync). After an OSError none of them counts as written."""
        try:
            rest = memoryview(frames)
            while rest:
                rest = rest[os.write(self._fd, rest) :]
            os.fdatasync(self._fd)
        except OSError:
            with suppress(OSError):  # what cannot be cut off is read as damage, or is sent although not acknowledged
                os.ftruncate(self._fd, self.size_bytes)
            raise
        self.size_bytes += len(frames)

    def close(self) -> None:
        """Close the file; a second call does nothing."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1


def list_segments(folder: Path) -> list[Path]:
    """Return the segments of a folder, oldest first."""
    return sorted((path for path in folder.glob(f"*{SUFFIX}") if path.stem.isdigit()), key=created_at_ms)


def created_at_ms(path: Path) -> int:
    """Return when a segment was created, in milliseconds since 1970, as its name says."""
    return int(path.stem)


def name_segment(now_ms: int, newest: Path | None) -> str:
    """Return the name of a new segment: the time, or one more than the newest name if the clock was set back."""
    at_ms = now_ms if newest is None else max(now_ms, created_at_ms(newest) + 1)
    return f"{at_ms:015d}{SUFFIX}"


def delete_segment(path: Path) -> None:
    """Delete a segment. Raises OSError."""
    path.unlink(missing_ok=True)
    sync_folder(path.parent)


def set_aside(segment: Path, what: str, content: bytes) -> Path:
    """Keep bytes of a segment in a file of their own and return it. A repetition writes the same file again."""
    path = segment.with_name(f"{segment.stem}-{what}{DAMAGED_SUFFIX}")
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(fd, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(fd)
    sync_folder(path.parent)
    return path


def sync_folder(folder: Path) -> None:
    """Sync the names in a folder to its disk. Raises OSError."""
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)

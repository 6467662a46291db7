"""The body of an INSERT as a file has the whole body, and nothing of it is left."""

import errno
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.engine.disk import insert_body
from deploy.engine.disk.insert_body import spool
from tests.small_disk import MB, SmallDisk, mounted_or_skipped

PARTS = [memoryview(b"one\x00\xff"), memoryview(b""), memoryview(b"two")]


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    yield from mounted_or_skipped(tmp_path, 20, "tmpfs")


@pytest.mark.parametrize("in_memory", [insert_body.IN_MEMORY, False])
def test_the_file_holds_the_parts_while_it_is_needed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, in_memory: bool
) -> None:
    monkeypatch.setattr(insert_body, "IN_MEMORY", in_memory)
    with spool(PARTS, tmp_path) as path:
        assert Path(path).read_bytes() == b"one\x00\xfftwo"
        assert bool(list(tmp_path.iterdir())) is not in_memory
    assert not Path(path).exists()
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_left_of_a_file_for_which_there_is_no_room(disk: SmallDisk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(insert_body, "IN_MEMORY", False)
    folder = disk.folder / "spool"
    folder.mkdir()
    with pytest.raises(OSError, match="No space left") as raised, spool([memoryview(bytes(30 * MB))], folder):
        pytest.fail("there is no room")
    assert raised.value.errno == errno.ENOSPC
    assert list(folder.iterdir()) == []


@pytest.mark.skipif(not insert_body.IN_MEMORY, reason="no files in memory here")
def test_a_file_in_memory_needs_no_room_on_the_disk(disk: SmallDisk) -> None:
    disk.fill()
    with spool([memoryview(bytes(MB))], disk.folder) as path:
        assert Path(path).stat().st_size == MB

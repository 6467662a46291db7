"""Segments on a disk: order of names, private files, and what a failed write leaves."""

import errno
import os
import stat
from pathlib import Path

import pytest

from sources.collector.sink import RawRecord
from sources.collector.spool import segment as segments
from sources.collector.spool.frame import encode_frame, read_frames
from sources.collector.spool.segment import OpenSegment, delete_segment, list_segments, name_segment, set_aside

ONE = RawRecord("visits", b'{"event_id":"1"}', 5)
TWO = RawRecord("visits", b'{"event_id":"2"}', 6)


def test_appended_frames_are_in_the_file_which_only_the_owner_may_read(tmp_path: Path) -> None:
    opened = OpenSegment(tmp_path / name_segment(7, None))
    opened.append(encode_frame(ONE))
    opened.append(encode_frame(TWO))
    opened.close()
    opened.close()
    assert list(read_frames(opened.path.read_bytes())) == [ONE, TWO]
    assert opened.size_bytes == opened.path.stat().st_size
    assert stat.S_IMODE(opened.path.stat().st_mode) == 0o600


def test_names_sort_by_age_even_if_the_clock_is_set_back(tmp_path: Path) -> None:
    newest = None
    for now_ms in (1_700_000_000_000, 1_700_000_000_000, 1_600_000_000_000, 9):
        newest = tmp_path / name_segment(now_ms, newest)
        OpenSegment(newest).close()
    (tmp_path / "notes.segment").touch()
    found = list_segments(tmp_path)
    assert found[-1] == newest
    assert [path.name for path in found] == [f"00170000000000{n}.segment" for n in range(4)]


def test_a_failed_sync_leaves_nothing_of_its_frames(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = OpenSegment(tmp_path / name_segment(7, None))
    opened.append(encode_frame(ONE))

    def fail(fd: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "fdatasync", fail)
    with pytest.raises(OSError, match="Input/output"):
        opened.append(encode_frame(TWO))
    opened.close()
    assert opened.path.read_bytes() == encode_frame(ONE)


def test_a_segment_whose_name_cannot_be_synced_is_not_left_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(folder: Path) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(segments, "sync_folder", fail)
    with pytest.raises(OSError, match="Input/output"):
        OpenSegment(tmp_path / name_segment(7, None))
    assert list_segments(tmp_path) == []


def test_deleting_twice_is_no_error(tmp_path: Path) -> None:
    path = tmp_path / name_segment(7, None)
    OpenSegment(path).close()
    delete_segment(path)
    delete_segment(path)
    assert list_segments(tmp_path) == []


def test_what_is_set_aside_is_kept_once_and_is_no_segment(tmp_path: Path) -> None:
    path = tmp_path / name_segment(7, None)
    kept = {set_aside(path, "byte-3", content) for content in (b"longer than the other", b"damaged")}
    assert [one.read_bytes() for one in kept] == [b"damaged"]
    assert list_segments(tmp_path) == []

"""Entries in a file: as they were saved, or none."""

import stat
from pathlib import Path

import pytest

from sources.collector.keys.entry_layout import WRITE_KEYS
from sources.collector.keys.key_format import hash_key, new_key
from sources.collector.keys.saved_entries import load_entries, save_entries
from tests.sources.collector.keys.entries import entry

KEY = new_key()
ENTRIES = {hash_key(KEY): entry(channels=("visits",)), hash_key(new_key()): entry("k2", revoked=True)}


def test_entries_are_loaded_as_they_were_saved(tmp_path: Path) -> None:
    path = tmp_path / "write-keys"
    save_entries(path, WRITE_KEYS, {})
    save_entries(path, WRITE_KEYS, ENTRIES)
    found = load_entries(path, WRITE_KEYS)
    assert found is not None
    assert found.entries() == ENTRIES
    assert KEY.removeprefix("tl_").encode() not in path.read_bytes()
    assert [file.name for file in tmp_path.iterdir()] == ["write-keys"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_what_a_crash_left_behind_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / ".write-keys.new").write_bytes(b"torn")
    save_entries(tmp_path / "write-keys", WRITE_KEYS, ENTRIES)
    assert load_entries(tmp_path / "write-keys", WRITE_KEYS) is not None


@pytest.mark.parametrize("keep", [0, 1, 20, -1])
def test_a_torn_file_counts_as_missing(tmp_path: Path, keep: int) -> None:
    path = tmp_path / "write-keys"
    save_entries(path, WRITE_KEYS, ENTRIES)
    path.write_bytes(path.read_bytes()[:keep])
    assert load_entries(path, WRITE_KEYS) is None


def test_a_missing_file_and_one_of_a_later_version_are_none(tmp_path: Path) -> None:
    path = tmp_path / "write-keys"
    assert load_entries(path, WRITE_KEYS) is None
    save_entries(path, WRITE_KEYS, ENTRIES)
    path.write_bytes(path.read_bytes().replace(b"\x01\x88", b"\x02\x88"))
    assert load_entries(path, WRITE_KEYS) is None

import stat
from pathlib import Path

import pytest

from deploy.file_permissions import is_open_to_others, restrict_to_owner


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder as an older version created it: open to all users."""
    inner = tmp_path / "data" / "kafka" / "visits-0"
    inner.mkdir(parents=True)
    (inner / "segment.log").write_text("ada@example.org")
    (tmp_path / "data" / "tool").write_text("#!/bin/sh")
    for path in [tmp_path / "data", *(tmp_path / "data").rglob("*")]:
        path.chmod(0o755 if path.is_dir() or path.name == "tool" else 0o644)
    return tmp_path / "data"


def test_a_folder_is_restricted_recursively(folder: Path) -> None:
    assert restrict_to_owner([folder])
    modes = {path.name: mode_of(path) for path in [folder, *folder.rglob("*")]}
    assert modes == {"data": 0o700, "kafka": 0o700, "visits-0": 0o700, "segment.log": 0o600, "tool": 0o700}


def test_restricted_files_are_not_changed(folder: Path) -> None:
    restrict_to_owner([folder])
    assert not restrict_to_owner([folder])


@pytest.mark.parametrize("mode", [0o740, 0o704, 0o701, 0o710, 0o720, 0o777])
def test_any_permission_of_others_counts_as_open(tmp_path: Path, mode: int) -> None:
    tmp_path.chmod(mode)
    assert is_open_to_others(tmp_path)
    tmp_path.chmod(0o700)
    assert not is_open_to_others(tmp_path)


def test_links_are_not_followed(folder: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_text("not ours")
    outside.chmod(0o644)
    (folder / "link").symlink_to(outside)
    restrict_to_owner([folder, folder / "link"])
    assert mode_of(outside) == 0o644


def test_a_missing_file_is_no_error(tmp_path: Path) -> None:
    assert not restrict_to_owner([tmp_path / "missing"])

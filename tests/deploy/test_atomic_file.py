import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from deploy.atomic_file import create_file, replace_file
from tests.deploy.file_limit import largest_file


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_a_file_is_readable_only_by_its_owner_whatever_the_umask(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        replace_file(tmp_path / "replaced", b"a")
        create_file(tmp_path / "created", b"b")
    finally:
        os.umask(before)
    assert mode_of(tmp_path / "replaced") == mode_of(tmp_path / "created") == 0o600


def test_a_replaced_file_loses_wider_rights_that_it_had(tmp_path: Path) -> None:
    path = tmp_path / "ports.json"
    path.write_text("{}")
    path.chmod(0o644)
    replace_file(path, b'{"kafka": 1}')
    assert path.read_bytes() == b'{"kafka": 1}'
    assert mode_of(path) == 0o600


def test_a_write_that_fails_leaves_the_old_content_and_no_other_file(tmp_path: Path) -> None:
    path = tmp_path / "ports.json"
    replace_file(path, b"old")
    with largest_file(4), pytest.raises(OSError, match="File too large"):
        replace_file(path, b"much longer than four bytes")
    with largest_file(4), pytest.raises(OSError, match="File too large"):
        create_file(tmp_path / "key", b"much longer than four bytes")
    assert path.read_bytes() == b"old"
    assert [one.name for one in tmp_path.iterdir()] == ["ports.json"]


def test_a_file_that_exists_is_not_created_again(tmp_path: Path) -> None:
    path = tmp_path / "visitor.key"
    assert create_file(path, b"first")
    assert not create_file(path, b"second")
    assert path.read_bytes() == b"first"
    assert [one.name for one in tmp_path.iterdir()] == ["visitor.key"]


def test_of_many_creators_at_once_exactly_one_succeeds(tmp_path: Path) -> None:
    path = tmp_path / "visitor.key"
    with ThreadPoolExecutor(16) as pool:
        made = list(pool.map(lambda number: create_file(path, b"%d" % number), range(64)))
    assert sum(made) == 1
    assert path.read_bytes() == b"%d" % made.index(True)


def test_a_missing_folder_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        replace_file(tmp_path / "missing" / "ports.json", b"{}")

"""The key of visitor ids."""

import stat
from pathlib import Path

import pytest

from touchline.errors import CliError
from touchline.local.data_folder.visitor_key import visitor_key


def test_folder_keeps_its_key(folder: Path) -> None:
    key = visitor_key(folder / "new" / "folder")
    assert len(key) == 32
    assert visitor_key(folder / "new" / "folder") == key


def test_two_folders_have_different_keys(folder: Path) -> None:
    assert visitor_key(folder / "a") != visitor_key(folder / "b")


def test_only_the_owner_can_read_the_key(folder: Path) -> None:
    visitor_key(folder)
    assert stat.S_IMODE((folder / "visitor.key").stat().st_mode) == 0o600


@pytest.mark.parametrize("content", [b"", b"x", b"k" * 31, b"k" * 33])
def test_damaged_key_is_not_replaced(folder: Path, content: bytes) -> None:
    (folder / "visitor.key").write_bytes(content)
    with pytest.raises(CliError, match=r"visitor.key is damaged \(\d+ bytes instead of 32\): restore it"):
        visitor_key(folder)
    assert (folder / "visitor.key").read_bytes() == content

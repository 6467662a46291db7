import stat
from pathlib import Path

import pytest

from touchline.errors import CliError
from touchline.local.data_folder.visitor_key import visitor_key


def test_a_folder_has_one_key_for_good(folder: Path) -> None:
    key = visitor_key(folder / "new" / "folder")
    assert len(key) == 32
    assert visitor_key(folder / "new" / "folder") == key


def test_another_folder_has_another(folder: Path) -> None:
    assert visitor_key(folder / "a") != visitor_key(folder / "b")


def test_only_its_owner_reads_it(folder: Path) -> None:
    visitor_key(folder)
    assert stat.S_IMODE((folder / "visitor.key").stat().st_mode) == 0o600


@pytest.mark.parametrize("content", [b"", b"x", b"k" * 31, b"k" * 33])
def test_a_damaged_key_makes_no_other_visitors_unasked(folder: Path, content: bytes) -> None:
    (folder / "visitor.key").write_bytes(content)
    with pytest.raises(CliError, match=r"visitor.key is damaged \(\d+ bytes instead of 32\): restore it"):
        visitor_key(folder)
    assert (folder / "visitor.key").read_bytes() == content

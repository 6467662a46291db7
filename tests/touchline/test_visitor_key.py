import stat
from pathlib import Path

from touchline.visitor_key import visitor_key


def test_a_folder_has_one_key_for_good(folder: Path) -> None:
    key = visitor_key(folder / "new" / "folder")
    assert len(key) == 32
    assert visitor_key(folder / "new" / "folder") == key


def test_another_folder_has_another(folder: Path) -> None:
    assert visitor_key(folder / "a") != visitor_key(folder / "b")


def test_only_its_owner_reads_it(folder: Path) -> None:
    visitor_key(folder)
    assert stat.S_IMODE((folder / "visitor.key").stat().st_mode) == 0o600

"""Permissions and names of data folders."""

import stat
from pathlib import Path

import pytest

from touchline.errors import CliError
from touchline.local.data_folder.ownership import OWN_NAMES, check_name, close_folder, is_own


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def make(folder: Path, *names: str) -> None:
    """Create files as an older version did, readable by everybody."""
    folder.mkdir(exist_ok=True)
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("ada@example.org")
        path.chmod(0o644)
    for path in (folder, *folder.rglob("*")):
        path.chmod(path.stat().st_mode | 0o055)


def test_folder_of_touchline_alone_is_closed_and_reported_once(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    make(folder, "kafka/data/visits-0/0.log", "worker.log", "worker.log.1", ".in-use")
    assert "could be read by other users" in close_folder(folder)
    assert {path for path in (folder, *folder.rglob("*")) if mode_of(path) & 0o077} == set()
    assert close_folder(folder) == ""


def test_folder_with_other_files_keeps_its_permissions_and_theirs(tmp_path: Path) -> None:
    folder = tmp_path / "home"
    make(folder, "kafka/data/visits-0/0.log", "photos/cat.jpg", "worker.log")
    close_folder(folder)
    assert mode_of(folder) & 0o055
    assert mode_of(folder / "photos" / "cat.jpg") == 0o644 | 0o055
    assert mode_of(folder / "kafka") == 0o700
    assert mode_of(folder / "worker.log") & 0o077 == 0


@pytest.mark.parametrize("name", [*OWN_NAMES, "engine.log.3", ".ports.json.ab12.new", "demo-x1y2"])
def test_files_that_touchline_creates_are_its_own(name: str) -> None:
    assert is_own(name)


@pytest.mark.parametrize("name", ["up.log", "photos", "kafkaesque", "jars-of-jam", "demo", ".ssh"])
def test_files_of_other_programs_are_not(name: str) -> None:
    assert not is_own(name)


@pytest.mark.parametrize("sign", ["?", "&"])
def test_name_that_the_engine_cannot_open_is_refused(sign: str) -> None:
    with pytest.raises(CliError, match=r"which the engine cannot open: choose another\."):
        check_name(Path(f"/data/what{sign}"))


@pytest.mark.parametrize("name", ["with space", "ümlaut", "100%", "#1", "it's", "br[red]x[/y]"])
def test_other_names_are_accepted(name: str) -> None:
    check_name(Path("/data", name))

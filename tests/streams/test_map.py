"""The map in `streams` names modules that exist, and every package below it."""

import re
from pathlib import Path

import streams

ROOT = Path(streams.__file__).parent
NAMED = set(re.findall(r"[\w./]+\.(?:py|toml)", streams.__doc__ or ""))


def test_every_module_of_the_map_exists() -> None:
    assert len(NAMED) > 15
    assert {path for path in NAMED if not (ROOT / path).is_file()} == set()


def test_every_room_is_on_the_map() -> None:
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert packages - {path.split("/")[0] for path in NAMED if "/" in path} == set()


def test_the_map_has_nine_steps() -> None:
    assert re.findall(r"^ +(\d)\. [A-Z]", streams.__doc__ or "", re.MULTILINE) == list("123456789")

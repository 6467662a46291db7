"""The files that the house rules apply to: everything of the repository, nothing that tools or runs leave behind."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
PACKAGES: Final = ("schemas", "sources", "streams", "sinks", "dashboards", "touchline", "deploy")
FOLDERS: Final = (*PACKAGES, "tests", "examples", "docs", ".ci", ".github")
_MADE: Final = {"__pycache__", ".hypothesis"}


def files(*folders: str, suffix: str = "") -> Iterator[Path]:
    """Yield the files below these folders, by suffix (such as ".py") if one is given; sorted."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob(f"*{suffix}")):
            if path.is_file() and not _MADE & set(path.parts):
                yield path


def root_files() -> list[Path]:
    """Return the files at the root itself."""
    return sorted(path for path in ROOT.iterdir() if path.is_file())

"""The file with the demo key of a data folder, which `touchline up` makes and the collector's demo site uses."""

from pathlib import Path
from typing import Final

NAME: Final = "demo.key"


def read_demo_key(folder: Path) -> str:
    """Return the demo key of the folder; '' if it has none, or the file cannot be read."""
    try:
        return (folder / NAME).read_bytes().decode("latin-1").strip()
    except OSError:
        return ""

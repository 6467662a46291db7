"""The data folder before anything works in it: its name, and who may read what lies there."""

from pathlib import Path
from typing import Final

from deploy.private import close_to_others, is_open
from touchline.errors import CliError

# Everything that Touchline makes in a data folder, each also with an ending (a rotated log, half a file).
OWN_NAMES: Final = (
    ".in-use", ".doctor", "kafka", "clickhouse", "worker", "state", "jars", "engine.log", "worker.log", "users.json",
    "ports.json", "running.json", "reader.key", "visitor.key", "recordings.json",
)  # fmt: skip
DEMO: Final = "demo-"  # a demo's own folder in it


def check_name(folder: Path) -> None:
    """Whether the engine could open it: before anything is fetched or started. Raises CliError."""
    for sign in "?&":
        if sign in str(folder):
            raise CliError(
                f"The folder {folder} has a {sign} in its name, which the engine cannot open: choose another."
            )


def close_folder(folder: Path) -> str:
    """Take away the rights of other users, which older versions gave. Returns a sentence; '' if all was closed.

    Where files of others lie in the folder, too, it keeps its own rights, and Touchline's files in it are closed.
    """
    found = list(folder.iterdir())
    own = [path for path in found if is_own(path.name)]
    try:
        closed = close_to_others(own)  # also below a folder that is closed itself: a copy of it may be open
        if len(own) == len(found) and is_open(folder):
            folder.chmod(0o700)
            closed = True
    except PermissionError:
        return f"Files in {folder} can be read by other users of this machine and are not yours to close: chmod 700 it."
    return f"Files in {folder} could be read by other users of this machine; now only you can." if closed else ""


def is_own(name: str) -> bool:
    """Whether Touchline makes a file or folder of that name in a data folder."""
    return name.startswith((DEMO, *(f"{own}." for own in OWN_NAMES), *(f".{own}." for own in OWN_NAMES))) or (
        name in OWN_NAMES
    )

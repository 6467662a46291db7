"""Checks of the data folder before anything uses it: its name, and which users can read it."""

from pathlib import Path
from typing import Final

from deploy.file_permissions import is_open_to_others, restrict_to_owner
from touchline.errors import CliError

# Everything that Touchline creates in a data folder; each may have a suffix (a rotated log, a temporary file).
OWN_NAMES: Final = (
    ".in-use", ".doctor", "kafka", "clickhouse", "worker", "state", "jars", "engine.log", "worker.log",
    "collector.log", "api.log", "users.json", "ports.json", "running.json", "reader.key", "visitor.key", "demo.key",
    "serve.key", "recordings.json", "spool",
)  # fmt: skip
DEMO: Final = "demo-"  # prefix of the folder of a demo


def check_name(folder: Path) -> None:
    """Raise CliError for a name that the engine cannot open, before anything is fetched or started."""
    for sign in "?&":
        if sign in str(folder):
            raise CliError(
                f"The folder {folder} has a {sign} in its name, which the engine cannot open: choose another."
            )


def close_folder(folder: Path) -> str:
    """Remove the permissions of other users, which older versions granted. Return a sentence; '' if there were none.

    If the folder also has files of other programs, it keeps its own permissions, and only Touchline's files are closed.
    """
    found = list(folder.iterdir())
    own = [path for path in found if is_own(path.name)]
    try:
        closed = restrict_to_owner(own)  # also inside a closed folder: a copy of it may be open
        if len(own) == len(found) and is_open_to_others(folder):
            folder.chmod(0o700)
            closed = True
    except PermissionError:
        return f"Files in {folder} can be read by other users of this machine and are not yours: have it chmod 700."
    return f"Files in {folder} could be read by other users of this machine; now only you can." if closed else ""


def is_own(name: str) -> bool:
    """Return whether Touchline creates files or folders of that name in a data folder."""
    return name.startswith((DEMO, *(f"{own}." for own in OWN_NAMES), *(f".{own}." for own in OWN_NAMES))) or (
        name in OWN_NAMES
    )

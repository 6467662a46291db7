"""What a running `touchline up` left in its data folder for other commands: where everything is. Readable by its owner
alone.
"""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

NAME: Final = "running.json"


@dataclass(frozen=True, slots=True)
class RunFile:
    """Addresses; `clickhouse` may write, `reader` may not. `commands` reads, too, for Touchline's own commands."""

    pid: int
    kafka: str
    clickhouse: str
    reader: str
    metrics_port: int
    commands: str = ""


def write_run_file(folder: Path, run: RunFile) -> None:
    """In one step: a reader never sees half of it."""
    path = folder / f"{NAME}.new"
    path.unlink(missing_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(asdict(run), file)
    path.rename(folder / NAME)


def remove_run_file(folder: Path) -> None:
    """Nothing runs any more."""
    (folder / NAME).unlink(missing_ok=True)


def read_run_file(folder: Path) -> RunFile | None:
    """What runs on this folder; None: nothing, as far as its file says."""
    try:
        run = RunFile(**json.loads((folder / NAME).read_text()))
        os.kill(run.pid, 0)
    except (FileNotFoundError, ProcessLookupError, json.JSONDecodeError, TypeError):
        return None
    except PermissionError:
        pass  # it runs as somebody else
    return run

"""The file in which a running `touchline up` gives other commands its addresses. Only its owner can read it."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Final

import msgspec

from deploy.atomic_file import replace_file
from deploy.folder_lock import is_running
from deploy.ports import LOOPBACK
from touchline.errors import CliError

NAME: Final = "running.json"


@dataclass(frozen=True, slots=True)
class RunFile:
    """Addresses of a running system. `clickhouse` may write; `reader` and `commands` (Touchline's own) only read.

    `collector` and `api` are the addresses of the HTTP servers; empty if none runs. Their `/ready` are on other ports.
    """

    pid: Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)]
    kafka: str
    clickhouse: str
    reader: str
    metrics_port: Annotated[int, msgspec.Meta(ge=1, le=65_535)]
    commands: str = ""
    collector: str = ""
    collector_metrics_port: Annotated[int, msgspec.Meta(ge=0, le=65_535)] = 0
    api: str = ""
    api_metrics_port: Annotated[int, msgspec.Meta(ge=0, le=65_535)] = 0

    def addresses(self) -> dict[str, str]:
        """Return the addresses of the parts that run, by name, for people and other programs."""
        named = {
            "kafka": self.kafka,
            "clickhouse": self.clickhouse,
            "reader": self.reader,
            "collector": self.collector,
            "api": self.api,
            "metrics": f"http://{LOOPBACK}:{self.metrics_port}/metrics",
        }
        return {name: address for name, address in named.items() if address}


_decode: Final = msgspec.json.Decoder(RunFile).decode


def write_run_file(folder: Path, run: RunFile) -> None:
    """Write the file atomically."""
    replace_file(folder / NAME, json.dumps(asdict(run)).encode())


def remove_run_file(folder: Path) -> None:
    """Remove the file when nothing runs any more."""
    (folder / NAME).unlink(missing_ok=True)


def read_run_file(folder: Path) -> RunFile | None:
    """Return what runs on this folder; None if nothing does. Raises CliError for a damaged file."""
    path = folder / NAME
    try:
        run = _decode(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise CliError(f"{path} is damaged ({error}): start `touchline up` again, which replaces it.") from error
    return run if is_running(run.pid) else None

"""A real engine process, and clients of its HTTP interface."""

import json
import subprocess
import sys
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import clickhouse_connect

from deploy.engine.launch import Ready, command

ROOT = Path(__file__).resolve().parents[3]
USERS: dict[str, dict[str, Any]] = {
    "writer": {"password": "w:ö'", "database": "shop"},
    "reader": {"password": "r", "readonly": True, "database": "shop"},
    "other": {"password": "o", "readonly": True, "database": "shop"},
}


def write_users(folder: Path) -> Path:
    """Write the users file of the tests, for its owner alone."""
    file = folder / "users.json"
    file.write_text(json.dumps(USERS), "utf-8")
    file.chmod(0o600)
    return file


@dataclass
class Engine:
    """A running engine: its process and its ready line."""

    process: "subprocess.Popen[bytes]"
    ready: Ready
    log: Path

    @property
    def url(self) -> str:
        return self.ready.url + "/"

    def client(self, user: str = "writer", **options: Any) -> Any:
        password = USERS[user]["password"]
        return clickhouse_connect.get_client(
            host="127.0.0.1", port=self.ready.port, username=user, password=password, **options
        )

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(20)

    def stop(self) -> int:
        self.process.terminate()
        return self.process.wait(60)


def begin(path: Path, users: Path, *more: str, port: int = 0, log: Path | None = None) -> "subprocess.Popen[bytes]":
    """Start an engine's process without waiting for it. Its stderr goes to the file `log`, or to a pipe."""
    line = [*command(path, port, users, sys.executable), *more]
    with log.open("ab") if log else nullcontext(subprocess.PIPE) as errors:
        return subprocess.Popen(line, cwd=ROOT, stdout=subprocess.PIPE, stderr=errors)


Start = Callable[..., Engine]

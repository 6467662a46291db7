"""A real ClickHouse engine as a process of its own, with a user that writes and one that only reads."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from deploy.engine.launch import command, read_ready
from sinks.clickhouse.client import Address

USERS: Final = {"writer": {"password": "w"}, "reader": {"password": "r", "readonly": True}}
STOP_S: Final = 90  # more than the engine gives calls in flight


def write_users(folder: Path) -> Path:
    """Write the users file, readable by its owner alone."""
    users = folder / "users.json"
    users.touch(mode=0o600)
    users.write_text(json.dumps(USERS))
    return users


@contextmanager
def running_engine(folder: Path) -> Iterator[Address]:
    """Run an engine on a folder; yield the writer's address."""
    line = command(folder / "data", 0, write_users(folder), sys.executable)
    process = subprocess.Popen(line, stdout=subprocess.PIPE)
    assert process.stdout is not None
    try:
        yield Address("127.0.0.1", read_ready(process.stdout.readline()).port, "default", "writer", "w")
    finally:
        process.terminate()
        process.communicate(timeout=STOP_S)

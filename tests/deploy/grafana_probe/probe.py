"""The probe `main.go`: SQL run with clickhouse-go, as Grafana's ClickHouse plugin does. Built once per machine."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from tests.clients.installed import once, run

SOURCES: Final = ("go.mod", "go.sum", "main.go")
LEAST_GO: Final = (1, 25)
ANSWER_S: Final = 120.0


@dataclass(frozen=True, slots=True)
class ProbeAnswer:
    """Columns as (name, type), rows as texts, and the driver's error or ''."""

    columns: list[tuple[str, str]]
    rows: list[list[str]]
    error: str


def build_probe() -> Path:
    """Return the built program; skip the test if there is no Go, or an old one."""
    if not _has_go():
        pytest.skip(f"Go {'.'.join(map(str, LEAST_GO))} or newer is not installed: the probe cannot be built")
    folder = Path(__file__).parent

    def build(target: Path) -> None:
        run(["go", "build", "-buildvcs=false", "-C", str(folder), "-o", str(target / "probe"), "."], folder)

    return once("grafana-probe", b"".join((folder / name).read_bytes() for name in SOURCES), build) / "probe"


def _has_go() -> bool:
    if shutil.which("go") is None:
        return False
    version = subprocess.run(["go", "env", "GOVERSION"], capture_output=True, text=True, check=False).stdout
    found = re.match(r"go(\d+)\.(\d+)", version)
    return found is not None and (int(found[1]), int(found[2])) >= LEAST_GO


def ask(port: int, user: str, password: str, database: str, statements: Iterable[str]) -> list[ProbeAnswer]:
    """Run the statements one after another over one connection pool."""
    done = subprocess.run(
        [build_probe(), f"127.0.0.1:{port}", user, database],
        input="\n".join(map(json.dumps, statements)),
        env={**os.environ, "CLICKHOUSE_PASSWORD": password},
        capture_output=True,
        text=True,
        timeout=ANSWER_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = map(json.loads, done.stdout.splitlines())
    return [ProbeAnswer([(name, kind) for name, kind in one["columns"]], one["rows"], one["error"]) for one in found]

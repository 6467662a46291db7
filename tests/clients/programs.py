"""Runs of the programs that make the calls of a family by a real SDK."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any, Final

import pytest

from tests.clients.calls import FAMILIES
from tests.clients.installed import CLIENTS, install_node_clients, install_python_clients

PROGRAM_S: Final = 180.0


def run_python(family: str, address: str, key: str) -> None:
    """Make the calls of a family by its SDK for Python."""
    program = CLIENTS / "python" / f"send_{family}.py"
    run_program([str(install_python_clients()), str(program), address, key], FAMILIES[family][0], {})


def run_node(family: str, address: str, key: str) -> None:
    """Make the calls of a family by its SDK for Node."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("Node is missing: install node and npm to run its SDKs")
    program = CLIENTS / "node" / f"send_{family}.js"
    modules = {"NODE_PATH": str(install_node_clients())}
    run_program(["node", str(program), address, key], FAMILIES[family][0], modules)


def run_program(command: list[str], calls: list[dict[str, Any]], env: dict[str, str]) -> None:
    """Run a program to its end. It must succeed."""
    done = subprocess.run(
        command,
        input=json.dumps(calls).encode(),
        capture_output=True,
        env={"PATH": os.environ["PATH"], "HOME": str(Path.home()), **env},
        timeout=PROGRAM_S,
        check=False,
    )
    assert done.returncode == 0, done.stdout.decode()[-3000:] + done.stderr.decode()[-3000:]

"""The SDKs that the tests run, installed once per machine from lock files with hashes.

They are no dependencies of Touchline and have an environment of their own. To take newer versions, change
`python/requirements.in` and `node/package.json`, and make the locks anew:

    uv pip compile --universal --generate-hashes --no-header --no-annotate requirements.in -o requirements.txt
    npm install --package-lock-only --omit-lockfile-registry-resolved
"""

import fcntl
import hashlib
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

CLIENTS: Final = Path(__file__).parent
CACHE: Final = Path.home() / ".touchline" / "test-clients"
INSTALL_S: Final = 600.0
_READY: Final = "ready"


def install_python_clients() -> Path:
    """Return the interpreter of an environment that has the SDKs for Python."""
    lock = CLIENTS / "python" / "requirements.txt"

    def install(folder: Path) -> None:
        run([sys.executable, "-m", "venv", str(folder)], folder.parent)
        pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        run([*pip, "--require-hashes", "-r", str(lock)], folder)

    return once("python", lock.read_bytes(), install) / "bin" / "python"


def install_node_clients() -> Path:
    """Return the folder `node_modules` with the SDKs for Node and browsers."""
    source = CLIENTS / "node"

    def install(folder: Path) -> None:
        for name in ("package.json", "package-lock.json"):
            shutil.copy(source / name, folder / name)
        run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], folder)

    return once("node", (source / "package-lock.json").read_bytes(), install) / "node_modules"


def once(kind: str, lock: bytes, install: Callable[[Path], None]) -> Path:
    """Return the folder in which these versions are installed. Of several test processes one installs."""
    digest = hashlib.sha256(lock + platform.python_version().encode()).hexdigest()[:16]
    folder = CACHE / f"{kind}-{digest}"
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / f"{kind}.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not (folder / _READY).exists():
            shutil.rmtree(folder, ignore_errors=True)  # of an installation that was interrupted
            folder.mkdir()
            install(folder)
            (folder / _READY).touch()
    return folder


def run(command: list[str], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=INSTALL_S, check=False)
    assert done.returncode == 0, f"{' '.join(command)} failed:\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"

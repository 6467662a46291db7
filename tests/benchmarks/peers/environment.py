"""A virtual environment for each peer, created on first use and kept in the data folder."""

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

CACHE: Final = Path.home() / ".touchline" / "bench"
PATIENCE_S: Final = 900.0
SHOWN_LINES: Final = 8
READY: Final = ".ready"
OWN: Final = Path(__file__).parent


class NoEnvironmentError(RuntimeError):
    """The peer's environment cannot be created; the message gives the cause and the missing figures."""


def make_environment(peer: str, print_progress: Callable[[str], None], cache: Path = CACHE, own: Path = OWN) -> Path:
    """Return the interpreter of a peer's environment (`peer` is a folder name in `own`), created if it is missing.

    Its name depends on the requirements and on the Python that creates it, so that a change of either creates a new
    one; an unfinished environment is created again. `print_progress` receives a sentence before a slow step. Raises
    `NoEnvironmentError`.
    """
    requirements = own / peer / "requirements.txt"
    folder = cache / f"{peer}-{_name_of(requirements)}"
    python = folder / "bin" / "python"
    if not (folder / READY).exists():
        print_progress(f"Making the environment of {peer} (once, under {cache})")
        _delete_older(cache, peer)
        try:
            cache.mkdir(parents=True, exist_ok=True)
            _run(peer, [sys.executable, "-m", "venv", str(folder)])
            pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
            _run(peer, [*pip, "--no-deps", "--only-binary", ":all:", "--requirement", str(requirements)])
            (folder / READY).touch()
        except OSError as error:
            raise NoEnvironmentError(_sentence(peer, str(error))) from error
    return python


def _name_of(requirements: Path) -> str:
    content = requirements.read_bytes() + sys.version.encode()
    return hashlib.sha256(content).hexdigest()[:12]


def _delete_older(cache: Path, peer: str) -> None:
    """Delete environments of other requirements or another Python, and unfinished ones."""
    for old in cache.glob(f"{peer}-*"):
        shutil.rmtree(old, ignore_errors=True)


def _run(peer: str, line: list[str]) -> None:
    try:
        done = subprocess.run(line, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    except subprocess.TimeoutExpired as late:
        raise NoEnvironmentError(_sentence(peer, f"not done after {PATIENCE_S:g} s: {' '.join(line)}")) from late
    if done.returncode != 0:
        last = "\n".join((done.stdout + done.stderr).strip().splitlines()[-SHOWN_LINES:])
        raise NoEnvironmentError(_sentence(peer, last or f"exit code {done.returncode} of {' '.join(line)}"))


def _sentence(peer: str, why: str) -> str:
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    return (
        f"The environment of {peer} cannot be created, so it is omitted. It needs a package index and wheels of its "
        f"requirements for Python {version} on this machine. Output:\n{why}"
    )

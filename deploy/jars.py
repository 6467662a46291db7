"""Kafka's jars, fetched once with Maven into a cache folder."""

import contextlib
import hashlib
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from importlib import resources
from pathlib import Path

PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1"
FETCH_S = 1800.0
QUOTED_LINES = 15
FETCH_PREFIX = "kafka-fetch-"


class JarsError(RuntimeError):
    """The jars could not be fetched; the message says what to do."""


def ensure_jars(cache: Path, progress: Callable[[str], None]) -> Path:
    """Return the folder with the jars of `deploy/kafka/pom.xml`; fetch them if the cache does not have them yet.

    The folder is named after the hash of the pom, so that another version never uses old jars. It is filled under
    another name and then renamed, so that neither a killed start nor a concurrent one leaves or sees half of it.
    `progress` receives a sentence before a step that takes time.

    Raises `JarsError` if Maven is missing or fails.
    """
    pom = read_pom()
    folder = cache / f"kafka-jars-{hashlib.sha256(pom).hexdigest()[:16]}"
    if not folder.is_dir():
        maven = find_maven()
        progress("Fetching Kafka's jars with Maven (43 MB, once)")
        try:
            cache.mkdir(parents=True, exist_ok=True)
            remove_leftovers(cache)
            with tempfile.TemporaryDirectory(prefix=FETCH_PREFIX, dir=cache) as work:
                fetch(maven, pom, Path(work))
                publish(Path(work) / "jars", folder)
        except OSError as error:
            raise JarsError(f"Kafka's jars could not be stored in {cache}: {error.strerror or error}.") from error
    return folder


def read_pom() -> bytes:
    """Return the pom that is part of this package."""
    return resources.files("deploy").joinpath("kafka", "pom.xml").read_bytes()


def find_maven() -> str:
    """Return the path of `mvn`. Raises `JarsError` if there is none."""
    maven = shutil.which("mvn")
    if maven is None:
        raise JarsError(
            "Maven (mvn) is needed once to fetch Kafka: install it, or give the address of a running Kafka "
            "in TOUCHLINE_KAFKA=host:port."
        )
    return maven


def fetch(maven: str, pom: bytes, work: Path) -> None:
    """Run Maven to copy all jars into `work/jars`. Raises `JarsError` with Maven's last lines."""
    (work / "pom.xml").write_bytes(pom)
    jars = work / "jars"
    command = [maven, "--batch-mode", "--quiet", f"{PLUGIN}:copy-dependencies", f"-DoutputDirectory={jars}"]
    try:
        done = subprocess.run(
            [*command, "-DincludeScope=runtime"],
            cwd=work,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=FETCH_S,
        )
    except subprocess.TimeoutExpired as error:
        raise JarsError(f"Maven did not fetch Kafka's jars within {FETCH_S:g} s; try again.") from error
    if done.returncode != 0 or not any(jars.glob("kafka_2.13-*.jar")):
        lines = "\n".join((done.stdout + done.stderr).strip().splitlines()[-QUOTED_LINES:])
        raise JarsError(f"Maven could not fetch Kafka's jars (exit code {done.returncode}). Its last lines:\n{lines}")


def remove_leftovers(cache: Path) -> None:
    """Remove the folders of fetches that were killed; folders young enough to be in use are kept."""
    for folder in cache.glob(f"{FETCH_PREFIX}*"):
        with contextlib.suppress(FileNotFoundError):  # another fetch has just ended
            if time.time() - folder.stat().st_mtime > 2 * FETCH_S:
                shutil.rmtree(folder, ignore_errors=True)


def publish(filled: Path, folder: Path) -> None:
    """Rename the filled folder to its final name; keep the existing one if a concurrent fetch was faster."""
    try:
        filled.rename(folder)
    except OSError:
        if not folder.is_dir():
            raise

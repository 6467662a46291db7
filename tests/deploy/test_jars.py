"""The jars are complete or absent, and every failure says what to do."""

import os
import stat
import time
from pathlib import Path

import pytest

from deploy.jars import JarsError, ensure_jars, publish, remove_leftovers


def put_maven(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put a program `mvn` that runs `script` on the PATH; return the file in which it counts its runs."""
    folder.mkdir()
    program, runs = folder / "mvn", folder / "runs"
    program.write_text(f"#!/bin/sh\necho run >> {runs}\n{script}\n", encoding="ascii")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    return runs


FETCHES = 'for a in "$@"; do case $a in -DoutputDirectory=*) d=${a#*=};; esac; done; mkdir -p "$d"; echo jar > "$d/'


def test_the_real_jars_are_there(jars: Path) -> None:
    assert (jars / "kafka_2.13-4.3.0.jar").stat().st_size > 0
    assert list(jars.glob("slf4j-simple-*.jar"))


def test_jars_are_fetched_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    runs = put_maven(tmp_path / "bin", f'{FETCHES}kafka_2.13-4.3.0.jar"', monkeypatch)
    sentences: list[str] = []
    first = ensure_jars(tmp_path / "cache", sentences.append)
    assert ensure_jars(tmp_path / "cache", sentences.append) == first
    assert runs.read_text().split() == ["run"]
    assert len(sentences) == 1
    assert [path.name for path in (tmp_path / "cache").iterdir()] == [first.name]


def test_missing_maven_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(JarsError, match=r"install it, or give the address of a running Kafka in TOUCHLINE_KAFKA"):
        ensure_jars(tmp_path / "cache", print)


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("echo 'cannot resolve the artifact'; exit 1", "exit code 1.*\ncannot resolve the artifact"),
        ("echo 'all is well'", "could not fetch"),
        (f'{FETCHES}other.jar"', "could not fetch"),
    ],
    ids=["fails", "does nothing", "brings something else"],
)
def test_a_failing_maven_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, message: str
) -> None:
    put_maven(tmp_path / "bin", script, monkeypatch)
    with pytest.raises(JarsError, match=message):
        ensure_jars(tmp_path / "cache", print)
    assert list((tmp_path / "cache").iterdir()) == []


def test_an_unwritable_cache_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(JarsError, match="could not be stored in"):
        ensure_jars(tmp_path / "file" / "cache", print)


def test_leftovers_of_a_killed_fetch_are_removed(tmp_path: Path) -> None:
    for name, age_s in (("kafka-fetch-old", 86_400), ("kafka-fetch-new", 1), ("kafka-jars-other", 86_400)):
        (tmp_path / name).mkdir()
        os.utime(tmp_path / name, (time.time() - age_s,) * 2)
    remove_leftovers(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["kafka-fetch-new", "kafka-jars-other"]


def test_a_slower_fetch_keeps_the_folder_of_the_faster(tmp_path: Path) -> None:
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "kafka.jar").write_text(name)
        publish(tmp_path / name, tmp_path / "jars")
    assert (tmp_path / "jars" / "kafka.jar").read_text() == "first"

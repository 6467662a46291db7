"""Closed or full standard streams: a sentence and an exit code, never a traceback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow  # each case starts the command as a process

ROOT = Path(__file__).parents[3]
TOUCHLINE = f"'{sys.executable}' -m touchline"
OUTPUT_LOST = "touchline: The output cannot be used (No space left on device): free some space on its disk."


def shell(line: str, **variables: str) -> tuple[int, str, str]:
    """Return exit code, standard output and standard error of a line of shell. T stands for the command."""
    done = subprocess.run(
        ["sh", "-c", line.replace("T ", f"{TOUCHLINE} ", 1)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, **variables},
        check=False,
    )
    assert "Traceback" not in done.stdout + done.stderr
    return done.returncode, done.stdout, done.stderr.strip()


@pytest.mark.parametrize(
    ("line", "code", "sentence"),
    [
        ("T schema visits > /dev/full", os.EX_IOERR, OUTPUT_LOST),
        ("T --help > /dev/full", os.EX_IOERR, OUTPUT_LOST),
        ("T rules --json > /dev/full", os.EX_IOERR, OUTPUT_LOST),
        ("T doctor > /dev/full", os.EX_IOERR, OUTPUT_LOST),
        ("T schema visits >&-", 0, ""),
        ("T schema visits > /dev/full 2> /dev/full", os.EX_IOERR, ""),
        ("T worker 2> /dev/full", os.EX_CONFIG, ""),
        ("T worker 2>&-", os.EX_CONFIG, ""),
        ("T worker >&- 2>&- <&-", os.EX_CONFIG, ""),
        ("T import jsonl - --channel calls --dry-run <&-", 1, "touchline: standard input is closed: name a file"),
        ("T rules nowhere.toml >&-", os.EX_CONFIG, "touchline: The rules in nowhere.toml"),
    ],
)
def test_closed_or_full_stream(line: str, code: int, sentence: str) -> None:
    found = shell(line)
    assert found[0] == code
    assert found[2].startswith(sentence)
    assert len(found[2].splitlines()) <= 1


def test_reader_that_exits_is_not_an_error() -> None:
    assert shell("T schema visits | head -c 1") == (0, "{", "")


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
def test_letters_that_the_encoding_lacks_are_escaped(encoding: str, tmp_path: Path) -> None:
    rules = tmp_path / "r.toml"
    rules.write_text('[[rule]]\nname = "שלום"\nchannel = "visits"\nweight = 1\n' * 2, encoding="utf-8")
    code, _, err = shell(f"T rules {rules}", PYTHONIOENCODING=encoding)
    assert code in (0, os.EX_CONFIG)
    assert "\\u05e9" in err


@pytest.mark.parametrize(
    ("folder", "code", "sentence"),
    [
        ("/dev/null", os.EX_CONFIG, "a folder is needed there"),
        ("/proc/nowhere", os.EX_CONFIG, "create it, or choose another place"),
        ("FILE", os.EX_CONFIG, "a folder is needed there"),
        ("FILE/below", os.EX_CONFIG, "a folder is needed there"),
        ("what?", os.EX_CONFIG, "which the engine cannot open: choose another"),
        ("x" * 300, os.EX_CONFIG, "choose a shorter name"),
        ("''", os.EX_CONFIG, "name a folder"),
        ("~nobody-has-this-name/data", os.EX_CONFIG, "no home folder"),
    ],
)
@pytest.mark.parametrize("command", ["up", "demo --once"])
def test_folder_that_cannot_be_used_is_one_sentence(
    tmp_path: Path, command: str, folder: str, code: int, sentence: str
) -> None:
    file = tmp_path / "file"
    file.write_text("a file")
    found = shell(f"T {command} --data {folder.replace('FILE', str(file))}", TOUCHLINE_JARS=str(tmp_path / "none"))
    assert found[0] == code
    assert sentence in found[2]
    assert len(found[2].splitlines()) == 1


def test_every_command_reports_an_address_without_a_port() -> None:
    for command in ("status", "up", "doctor", "quarantine list", "worker", "top", "demo --once"):
        code, out, err = shell(f"T {command}", TOUCHLINE_KAFKA="nohost")
        assert code in (1, os.EX_CONFIG)
        assert "'nohost' is not an address: write host:port" in out + err

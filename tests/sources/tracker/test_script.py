"""The tracker as it is served: small, and without comments."""

import gzip
import shutil
import subprocess
from importlib.resources import files
from pathlib import Path

import pytest

from sources.tracker.script import strip_comments, tracker_script

SOURCE = files("sources.tracker").joinpath("t.js").read_text(encoding="utf-8")


def test_it_has_less_than_5_kb() -> None:
    assert len(gzip.compress(tracker_script(), 9)) < 5_000


@pytest.mark.parametrize(
    ("source", "stripped"),
    [
        ("  a;\n\n  // why\n  b; // what\n", "a;\nb;\n"),
        ("/* one line */\nlink = 'https://a.example';\n", "link = 'https://a.example';\n"),
        ("x = 1 / 2; y = a //b\n", "x = 1 / 2; y = a //b\n"),
    ],
)
def test_what_is_removed(source: str, stripped: str) -> None:
    assert strip_comments(source) == stripped


def test_nothing_but_comments_and_indentation_is_removed() -> None:
    served = tracker_script().decode().splitlines()[1:]
    lines = iter(line.strip() for line in SOURCE.splitlines())
    for line in served:
        original = next(one for one in lines if one.startswith(line))
        assert original == line or original.removeprefix(line).startswith(" // ")
    assert not any(line.startswith(("//", "/*")) for line in served)


def test_it_needs_no_permission_for_code_from_text() -> None:
    assert not any(word in SOURCE for word in ("eval(", "new Function", "innerHTML", "document.write", "setTimeout('"))


@pytest.mark.skipif(shutil.which("node") is None, reason="no Node: it checks the syntax of what is served")
def test_it_is_valid_javascript(tmp_path: Path) -> None:
    (tmp_path / "t.js").write_bytes(tracker_script())
    subprocess.run(["node", "--check", str(tmp_path / "t.js")], check=True)

"""Every text file of the repository ends with one newline, and the hook that fixes it does so."""

from pathlib import Path

import pytest

from tests.house.end_of_file import fix_end
from tests.house.files import FOLDERS, files, root_files

BINARY = {".gz", ".png", ".pyc"}


def test_files_end_with_one_newline() -> None:
    paths = [path for path in [*root_files(), *files(*FOLDERS)] if path.suffix not in BINARY and path.name != ".git"]
    assert len(paths) > 500
    texts = {path: path.read_bytes() for path in paths}
    assert [path for path, text in texts.items() if text and (not text.endswith(b"\n") or text.endswith(b"\n\n"))] == []


@pytest.mark.parametrize(
    ("content", "fixed"),
    [(b"a", b"a\n"), (b"a\n\n\n", b"a\n"), (b"a\n", b"a\n"), (b"", b""), (b"\n\n", b"")],
)
def test_the_hook_fixes_the_end_and_says_whether_it_did(content: bytes, fixed: bytes, tmp_path: Path) -> None:
    path = tmp_path / "file.txt"
    path.write_bytes(content)
    assert fix_end(path) == (content != fixed)
    assert path.read_bytes() == fixed

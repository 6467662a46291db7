"""README, CHANGELOG and all documents can be read in a terminal of 100 columns."""

from pathlib import Path

import pytest

from tests.docs.pages import PAGES, ROOT

COLUMNS = 100
README_LINES = 130


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_no_line_is_longer_than_a_terminal(page: Path) -> None:
    lines = page.read_text(encoding="utf-8").splitlines()
    assert [(number, line) for number, line in enumerate(lines, 1) if len(line) > COLUMNS] == []


def test_readme_is_short() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= README_LINES

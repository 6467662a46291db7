"""Every file and folder of the repository that a document names exists."""

import re
from pathlib import Path

import pytest

from tests.docs.pages import PAGES, ROOT

FOLDERS = "schemas|sources|streams|sinks|dashboards|touchline|deploy|tests|examples|docs"
PATH = re.compile(rf"`((?:{FOLDERS})/[\w./-]*)`")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_path_exists(page: Path) -> None:
    named = PATH.findall(page.read_text(encoding="utf-8"))
    assert [path for path in named if not (ROOT / path).exists() and "NAME" not in path] == []

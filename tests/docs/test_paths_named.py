"""Every file and folder of the repository that a document names exists."""

import re
from pathlib import Path

import pytest

from tests.docs.pages import PAGES, ROOT

FOLDERS = "schemas|sources|streams|sinks|dashboards|touchline|deploy|tests|examples|docs"
PATH = re.compile(rf"`((?:{FOLDERS})/[\w./-]*)`")

PLACEHOLDERS = ("NAME", "CHANNEL", "FOLDER", "NNN")


def is_example(path: str) -> bool:
    """Whether a path has a part that the reader replaces."""
    return any(word in path for word in PLACEHOLDERS)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_path_exists(page: Path) -> None:
    named = PATH.findall(page.read_text(encoding="utf-8"))
    assert [path for path in named if not (ROOT / path).exists() and not is_example(path)] == []


REFERENCE = re.compile(r"(?<![\w./])docs/(?:decisions/\d{3}[\w-]*|[\w/-]+)(?:\.\w+)?")
CODE = sorted(file for folder in FOLDERS.split("|") for file in (ROOT / folder).rglob("*.py"))


def test_documents_that_code_names_exist() -> None:
    """`docs/decisions/017` is enough of a decision's name."""
    missing = {
        f"{file.relative_to(ROOT)}: {name}"
        for file in CODE
        for name in REFERENCE.findall(file.read_text(encoding="utf-8"))
        if not list(ROOT.glob(f"{name}*")) and not is_example(name)
    }
    assert missing == set()

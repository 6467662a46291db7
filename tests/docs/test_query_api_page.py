"""The guide of the query API has a heading for each kind of problem, and the roles as they are."""

import re
from pathlib import Path

from dashboards.api.security.roles import ROLES
from tests.docs.pages import ROOT, text_of

PAGE = "docs/guides/query-api.md"
RAISED = re.compile(r"ProblemError\(\s*\d+,\s*\"([a-z-]+)\"")


def kinds(folder: Path) -> set[str]:
    return {kind for path in folder.rglob("*.py") for kind in RAISED.findall(path.read_text(encoding="utf-8"))}


def test_each_kind_of_problem_has_a_heading() -> None:
    found = kinds(ROOT / "dashboards")
    assert len(found) > 10
    headings = set(re.findall(r"^### ([a-z-]+)$", text_of(PAGE), re.MULTILINE))
    assert found - headings == set()


def test_each_role_is_explained() -> None:
    assert [role for role in ROLES if f"`{role}`" not in text_of(PAGE)] == []

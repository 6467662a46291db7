"""What the tests of the documents read: pages, their code, their links."""

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
_FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_INLINE = re.compile(r"`(touchline [a-z][^`]*)`")
_INDENTED = re.compile(r"^ {4}(touchline [a-z].*)$", re.MULTILINE)


def text_of(name: str) -> str:
    """A page, by its path from the root."""
    return (ROOT / name).read_text(encoding="utf-8")


def fenced(name: str, language: str) -> list[str]:
    """The blocks of code in one language."""
    return [code for kind, code in _FENCED.findall(text_of(name)) if kind == language]


def rows(name: str, prefix: str) -> dict[str, list[str]]:
    """Lines of tables whose first cell is `prefix...` in backquotes: the other cells, by that name."""
    found: dict[str, list[str]] = {}
    for line in text_of(name).splitlines():
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        if cells and cells[0].startswith(f"`{prefix}"):
            assert cells[0] not in found, f"{name} has {cells[0]} twice"
            found[cells[0].strip("`")] = cells[1:]
    return found


def entries(name: str, prefix: str) -> dict[str, tuple[str, str]]:
    """Items of lists that are written "- `prefix...` (facts): text", as (facts, text) by that name."""
    found: dict[str, tuple[str, str]] = {}
    for item in re.findall(rf"^- `{prefix}.*(?:\n  .*)*", text_of(name), re.MULTILINE):
        entry = re.fullmatch(r"- `(\w+)` \((.*?)\): (.*)", " ".join(item.split()))
        assert entry, f"{name}: {item}"
        assert entry[1] not in found, f"{name} has {entry[1]} twice"
        found[entry[1]] = (entry[2], entry[3])
    return found


def command_lines(page: Path) -> Iterator[str]:
    """Every `touchline ...` that a page shows."""
    text = page.read_text(encoding="utf-8")
    prose = _FENCED.sub("", text).replace("\\\n", "")
    yield from _INLINE.findall(prose)
    yield from _INDENTED.findall(prose)


def links(page: Path) -> list[str]:
    """Where a page points to."""
    return _LINK.findall(_FENCED.sub("", page.read_text(encoding="utf-8")))


def anchors(page: Path) -> set[str]:
    """The headings of a page, as links name them."""
    heads = re.findall(r"^#+ (.+)$", _FENCED.sub("", page.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).strip().replace(" ", "-") for head in heads}

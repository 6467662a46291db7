"""The committed pictures are what their script draws."""

import runpy
from xml.etree import ElementTree

import pytest

from tests.docs.pages import PAGES, ROOT

FOLDER = ROOT / "docs" / "pictures"
PICTURES = runpy.run_path(str(FOLDER / "make.py"))["PICTURES"]


@pytest.mark.parametrize("name", PICTURES)
def test_picture_is_what_the_script_draws(name: str) -> None:
    drawn = PICTURES[name]()
    assert (FOLDER / name).read_text(encoding="utf-8") == drawn, "run: python docs/pictures/make.py"
    assert ElementTree.fromstring(drawn).tag.endswith("svg")


def test_every_picture_is_on_a_page_and_drawn_by_the_script() -> None:
    assert {file.name for file in FOLDER.glob("*.svg")} == set(PICTURES)
    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    assert [name for name in PICTURES if f"pictures/{name}" not in text] == []

"""Each term of the glossary names a module that exists."""

import re

import pytest

from tests.docs.pages import ROOT, text_of

ENTRIES = dict(re.findall(r"^- \*\*(.+?)\*\*: (.*(?:\n  .*)*)", text_of("docs/glossary.md"), re.MULTILINE))


def test_every_item_is_an_entry_in_alphabetical_order() -> None:
    assert len(ENTRIES) == text_of("docs/glossary.md").count("\n- ")
    assert list(ENTRIES) == sorted(ENTRIES)


@pytest.mark.parametrize("term", ENTRIES)
def test_module_of_a_term_exists(term: str) -> None:
    module = re.search(r"`([a-z_/]+\.py)`$", ENTRIES[term])
    assert module, f"{term}: name the module at the end of the entry"
    assert (ROOT / module[1]).is_file(), module[1]

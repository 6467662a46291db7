"""Identifiers as they are shown."""

import pytest

from dashboards.pages.customer.identifiers import branches, show_identifier
from tests.dashboards.pages.customer.examples import member


@pytest.mark.parametrize(
    ("identifier", "text", "noun", "icon"),
    [
        ("email:a@example.org", "a@example.org", "address", "mail"),
        ("phone:+4930901820", "+4930901820", "telephone number", "phone"),
        ("anonymous_id:b7:c1", "b7:c1", "visitor", "page"),
        ("loyalty_card:77", "77", "loyalty card", "id"),
        ("crm:" + "x" * 50, "x" * 39 + "…", "number in the CRM", "id"),
    ],
)
def test_text_noun_and_icon(identifier: str, text: str, noun: str, icon: str) -> None:
    shown = show_identifier(identifier)
    assert (shown.text, shown.noun, shown.icon) == (text, noun, icon)
    assert shown.whole == identifier.partition(":")[2]


def test_tree() -> None:
    root, child = branches([member("email:a@example.org"), member("anonymous_id:v", "email:a@example.org", 5)])
    assert (root.parent, root.since_ms, root.why) == (None, None, "the strongest identifier")
    assert child.parent == root.shown
    assert child.why == "seen together"

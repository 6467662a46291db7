"""Names, initials and what else is known."""

import pytest

from dashboards.pages.customer.header import header_of, other_traits
from tests.dashboards.pages.customer.examples import NOW_MS, member, profile


@pytest.mark.parametrize(
    ("name", "initials"),
    [("Mara Lindqvist", "ML"), ("mara", "M"), ("Ada B. Lovelace", "AL"), ("1042", "?"), ("Ö Ä", "ÖÄ")],
)
def test_initials(name: str, initials: str) -> None:
    assert header_of(profile(traits={"name": name})).initials == initials


def test_header_without_a_name_shows_the_strongest_identifier() -> None:
    members = tuple(member(f"anonymous_id:v{number}", "email:a@example.org") for number in range(5))
    header = header_of(profile(members=members, traits={"company": "Nordlicht", "plan": "trial"}))
    assert (header.name, header.about, header.more) == ("a@example.org", ("Nordlicht",), 2)
    assert other_traits(profile(traits={"name": "A", "plan": "trial"})) == [("plan", "trial")]


@pytest.mark.parametrize(("ago_ms", "active"), [(1_000, True), (600_000, False), (-1, False)])
def test_who_is_active(ago_ms: int, active: bool) -> None:
    assert header_of(profile(last_seen_ms=NOW_MS - ago_ms)).is_active is active
    assert not header_of(profile(last_seen_ms=None)).is_active

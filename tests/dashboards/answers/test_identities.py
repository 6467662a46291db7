"""Resolving identifiers, and the members of a profile."""

import pytest

from dashboards.answers.identities import Member, Resolved, Unknown, identifiers_of, members, resolve, root_of
from dashboards.answers.scope import Scope
from sinks.clickhouse.client import Client
from tests.dashboards.conftest import Place

MAIN = Scope()
CHAIN = ("master_id:m", "customer_id:c", "email:ada@example.org", "phone:+4930901300", "anonymous_id:v")


def known(place: Place, *rows: tuple[str, str, int]) -> None:
    """Rows of `identities`: identifier, parent, offset."""
    for identifier, parent, offset in rows:
        why = "claim" if parent else "none"
        place.writer.command(
            "INSERT INTO identities (tenant, identifier, parent, since, why, conflicts, activity_offset) VALUES "
            f"('main', '{identifier}', '{parent}', {offset}, '{why}', ['customer_id:other'], {offset})"
        )


def chain(place: Place) -> None:
    known(place, *((one, parent, 10) for one, parent in zip(CHAIN, ("", *CHAIN), strict=False)))


@pytest.mark.parametrize(
    ("text", "identifier"),
    [
        ("ada@example.org", "email:ada@example.org"),
        ("  Ada@EXAMPLE.org ", "email:ada@example.org"),
        ("email:ada@example.org", "email:ada@example.org"),
        ("030 901300", "phone:+4930901300"),
        ("+49 30 901300", "phone:+4930901300"),
        ("v", "anonymous_id:v"),
        ("m", "master_id:m"),
    ],
)
def test_any_spelling_resolves_to_the_profile(place: Place, text: str, identifier: str) -> None:
    chain(place)
    assert resolve(place.reader, MAIN, text, "DE") == Resolved(identifier, "master_id:m")


def test_ambiguous_text_resolves_to_the_strongest_identifier(place: Place) -> None:
    known(place, ("customer_id:42", "", 1), ("anonymous_id:42", "", 1))
    assert resolve(place.reader, MAIN, "42", "DE") == Resolved("customer_id:42", "customer_id:42", ("anonymous_id:42",))


def test_error_about_an_unknown_identifier_suggests_similar_ones(place: Place) -> None:
    chain(place)
    found = resolve(place.reader, MAIN, "adda@example.org", "DE")
    assert isinstance(found, Unknown)
    assert found.near == ("email:ada@example.org",)
    assert found.looked_for[0] == "email:adda@example.org"
    assert found.sentence.endswith("Known and similar: email:ada@example.org.")
    assert isinstance(resolve(place.reader, Scope("other"), "ada@example.org", "DE"), Unknown)


@pytest.mark.parametrize(
    ("text", "hinted"), [("030 901820", True), ("(030) 90-18/20", True), ("+4930901820", False), ("42", False)]
)
def test_error_about_a_national_number_explains_the_format(text: str, hinted: bool) -> None:
    assert ("write it with + and the country code" in Unknown(text, ("customer_id:x",), ()).sentence) == hinted


def test_members_are_listed_level_by_level(place: Place) -> None:
    chain(place)
    found = members(place.reader, MAIN, "master_id:m")
    assert [one.identifier for one in found] == list(CHAIN)
    assert found[0] == Member("master_id:m", "", None, "none", ("customer_id:other",))
    assert found[1] == Member("customer_id:c", "master_id:m", 10_000, "claim", ("customer_id:other",))


def test_identifier_that_was_separated_is_not_a_member(place: Place) -> None:
    chain(place)
    known(place, ("phone:+4930901300", "", 11))
    assert [one.identifier for one in members(place.reader, MAIN, "master_id:m")] == list(CHAIN[:3])
    assert [one.identifier for one in members(place.reader, MAIN, "phone:+4930901300")] == list(CHAIN[3:])
    assert root_of(place.reader, MAIN, "anonymous_id:v") == "phone:+4930901300"


def test_parent_without_a_row_yet(place: Place) -> None:
    known(place, ("email:ada@example.org", "customer_id:c", 1))
    assert root_of(place.reader, MAIN, "email:ada@example.org") == "customer_id:c"
    assert identifiers_of(place.reader, MAIN, "customer_id:c") == ["customer_id:c", "email:ada@example.org"]


def test_newest_row_of_an_identifier_counts(place: Place) -> None:
    known(place, ("email:ada@example.org", "customer_id:new", 9), ("email:ada@example.org", "customer_id:old", 3))
    assert root_of(place.reader, MAIN, "email:ada@example.org") == "customer_id:new"


def test_members_match_the_view(lived: Client) -> None:
    rows = lived.query("SELECT identifier, profile FROM identity_profiles WHERE tenant = 'main'").result_rows
    below: dict[str, set[str]] = {}
    for identifier, profile in rows:
        below.setdefault(profile, set()).add(identifier)
    large = sorted(below, key=lambda one: -len(below[one]))[:5]
    assert len(below[large[0]]) > 5
    for profile in large:
        assert {one.identifier for one in members(lived, MAIN, profile)} == below[profile]
        assert {root_of(lived, MAIN, one) for one in sorted(below[profile])[:4]} == {profile}

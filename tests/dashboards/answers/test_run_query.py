"""SQL by name, its common table expressions and its parameters."""

from importlib.resources import files

import pytest

from dashboards.answers.identities import hashes_of
from dashboards.answers.run_query import read, read_one, sql
from tests.dashboards.conftest import Place


def test_query_may_use_others() -> None:
    text = sql("weighed_by_rule")
    assert text.startswith("WITH\nweighed AS\n(\n-- Every touch")
    assert text.count("-- uses") == 0


def test_every_query_begins_with_a_comment() -> None:
    for entry in files("dashboards").joinpath("queries").iterdir():
        if entry.name.endswith(".sql"):
            assert entry.read_text().startswith("-- "), entry.name


@pytest.mark.parametrize("text", ["it's", "a\\b", "'); DROP TABLE events --", "\t\n", "日本"])
def test_values_are_never_part_of_the_sql(place: Place, text: str) -> None:
    assert read_one(place.reader, "identities_above", tenant=text, identifiers=[text]) is None


def test_thousands_of_identifiers_are_accepted(place: Place) -> None:
    many = [f"email:person-{number}@some-longer-domain.example.org" for number in range(5_000)]
    assert len(set(hashes_of(place.reader, many))) == 5_000
    assert read(place.reader, "identities_above", tenant="main", identifiers=many) == []

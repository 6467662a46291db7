"""Damage as sentences and as JSON."""

import pytest

from sinks.checks.missing_rows import MissingRows
from touchline.worker.store_damage import Damage, describe_missing


def test_intact_store_has_no_sentences() -> None:
    assert describe_missing([]) is None
    assert Damage().sentences() == []
    assert Damage().as_dict() == {"set_aside": [], "missing": []}


@pytest.mark.parametrize(
    ("missing", "tables"),
    [
        ([MissingRows("events", 1_200, "rows")], "(events lacks 1,200 rows)"),
        (
            [MissingRows("events", 1, "rows"), MissingRows("profiles", 2, "identifiers")],
            "1 rows, profiles lacks 2 identifiers",
        ),
    ],
)
def test_missing_rows_are_reported_with_advice(missing: list[MissingRows], tables: str) -> None:
    (sentence,) = Damage(missing=missing).sentences()
    assert tables in sentence
    assert sentence.endswith("then `touchline rebuild`.")
    assert [one["table"] for one in Damage(missing=missing).as_dict()["missing"]] == [one.table for one in missing]

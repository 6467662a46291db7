"""Parameters of a query reach the engine as they are."""

import json
from typing import Any

import pytest

from deploy.engine.query_row import escape_parameter, row_query


@pytest.mark.parametrize(
    ("value", "written"),
    [("plain ' \" é", "plain ' \" é"), ("a\tb\nc\rd\0e", "a\\tb\\nc\\rd\\0e"), ("back\\slash", "back\\\\slash")],
)
def test_values_have_the_escapes_of_tsv(value: str, written: str) -> None:
    assert escape_parameter(value) == written


class Answer:
    """A connection that answers with what it was asked."""

    def query(self, sql: str, form: str, params: dict[str, str]) -> Any:
        self.row = json.dumps([sql, form, params]).encode()
        return self

    def bytes(self) -> bytes:
        return self.row


def test_one_row_is_read() -> None:
    assert row_query(Answer())("SELECT {a:String}", {"a": "x\ty"}) == [
        "SELECT {a:String}",
        "JSONCompactEachRow",
        {"a": "x\\ty"},
    ]

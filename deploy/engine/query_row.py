"""Queries with String parameters that return one row."""

import json
from collections.abc import Mapping
from typing import Any

from deploy.engine.access.syntax_tree import QueryRow


def row_query(connection: Any) -> QueryRow:
    """Return a function that runs a query on the connection and returns its one row. It raises RuntimeError."""

    def ask(sql: str, parameters: Mapping[str, str]) -> list[object]:
        params = {name: escape_parameter(value) for name, value in parameters.items()}
        row: list[object] = json.loads(connection.query(sql, "JSONCompactEachRow", params=params).bytes())
        return row

    return ask


def escape_parameter(value: str) -> str:
    """Escape a String parameter for the engine, as in TSV."""
    return value.translate({92: "\\\\", 9: "\\t", 10: "\\n", 13: "\\r", 0: "\\0"})

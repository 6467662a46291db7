"""One row from the engine for a query with String parameters."""

import json
from collections.abc import Mapping
from typing import Any

from deploy.engine.access.syntax_tree import Ask


def asking(connection: Any) -> Ask:
    """Return how to ask one row on a connection; the asking raises RuntimeError."""

    def ask(sql: str, parameters: Mapping[str, str]) -> list[object]:
        params = {name: escaped(value) for name, value in parameters.items()}
        row: list[object] = json.loads(connection.query(sql, "JSONCompactEachRow", params=params).bytes())
        return row

    return ask


def escaped(value: str) -> str:
    """Write a String parameter as the engine reads it: TSV's escapes."""
    return value.translate({92: "\\\\", 9: "\\t", 10: "\\n", 13: "\\r", 0: "\\0"})

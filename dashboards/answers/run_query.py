"""Running a query of `dashboards.queries` by its name, with rows as dicts."""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, Final, Protocol


class Client(Protocol):
    """The part of a clickhouse-connect client that queries use."""

    def query(self, query: str, parameters: dict[str, Any] | None = None) -> Any:
        """Return an object with `.result_rows` and `.column_names`."""


_USES: Final = "-- uses "
Row = Mapping[str, Any]


@cache
def sql(name: str) -> str:
    """Return the text of `queries/<name>.sql`.

    A first line `-- uses a, b` prepends those files as common table expressions of these names, in that order. They use
    no others themselves.
    """
    text = _text(name)
    first, _, rest = text.partition("\n")
    if not first.startswith(_USES):
        return text
    used = [part.strip() for part in first.removeprefix(_USES).split(",")]
    return "WITH\n" + ",\n".join(f"{part} AS\n(\n{_text(part)})" for part in used) + f"\n{rest}"


def _text(name: str) -> str:
    return files("dashboards").joinpath("queries", f"{name}.sql").read_text(encoding="utf-8")


def read(client: Client, name: str, /, **values: object) -> list[Row]:
    """Return the rows of a query, by column. Raises the driver's errors."""
    return read_text(client, sql(name), **values)


def read_text(client: Client, text: str, /, **values: object) -> list[Row]:
    """Return the rows of an SQL text, by column. Raises the driver's errors."""
    answer = client.query(text, parameters=values)
    return [dict(zip(answer.column_names, row, strict=True)) for row in answer.result_rows]


def read_one(client: Client, name: str, /, **values: object) -> Row | None:
    """Return the first row of a query, or None."""
    found: Sequence[Row] = read(client, name, **values)
    return found[0] if found else None

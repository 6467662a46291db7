"""A column of a table, the ClickHouse types in use, and the groups of columns that intake fills from one field."""

from collections.abc import Iterable
from typing import Final, NamedTuple


class Column(NamedTuple):
    """A column's name, its ClickHouse type, the value of a row that has none, and the first layout that has it.

    A new column is given the next layout of its table as `since`, and a migration that adds it (schemas.row_layouts).
    """

    name: str
    type: str
    empty: object
    since: int = 1


TEXT: Final = "String"
LABEL: Final = "LowCardinality(String)"  # of few distinct values
TIME: Final = "DateTime64(3, 'UTC')"  # as integer milliseconds since 1970
MOMENT: Final = "Nullable(DateTime64(3, 'UTC'))"  # in the same form
REAL: Final = "Nullable(Float64)"
MONEY: Final = "Nullable(Decimal(18, 4))"  # as whole ten-thousandths (schemas.money)

SEPARATOR: Final = "\x1f"  # joins texts into one; no event id and no identifier contains a control character


def columns_of(*rows: tuple[str, str, object] | tuple[str, str, object, int]) -> tuple[Column, ...]:
    """Return the columns of some rows of (name, type, empty value[, first layout])."""
    return tuple(Column(*row) for row in rows)


# Each group is filled from the field that its first column is named after.
PAGE: Final = columns_of(("url", TEXT, ""), ("url_host", LABEL, ""), ("url_path", TEXT, ""))
REFERRER: Final = columns_of(
    ("referrer", TEXT, ""),
    ("referrer_host", LABEL, ""),
    ("referrer_class", LABEL, ""),  # search social mail internal direct other
)
AGENT: Final = columns_of(
    ("user_agent", TEXT, ""), ("device", LABEL, ""), ("os", LABEL, ""), ("browser", LABEL, ""), ("bot", "Bool", False)
)
PLACE: Final = columns_of(
    ("ip", TEXT, ""), ("country", LABEL, "")
)  # ISO 3166-1 alpha-2; of the telephone number if the IP address is unknown
# From the query of `url`, or of `link_url` if that has none; `lead_source` also from the referrer.
CAMPAIGN: Final = columns_of(
    ("campaign_source", LABEL, ""),
    ("campaign_medium", LABEL, ""),
    ("campaign_name", TEXT, ""),
    ("campaign_term", TEXT, ""),
    ("campaign_content", TEXT, ""),
    ("click_id", TEXT, ""),
    ("click_id_kind", LABEL, ""),  # gclid, fbclid, ..
    ("lead_source", LABEL, ""),
)

APP: Final = columns_of(("app_name", LABEL, "", 4), ("app_version", LABEL, "", 4), ("app_build", LABEL, "", 4))

# One entry per item of an order (schemas.items).
ITEMS: Final = columns_of(
    ("items_sku", "Array(String)", (), 6),
    ("items_name", "Array(String)", (), 6),
    ("items_price", "Array(Decimal(18, 4))", (), 6),
    ("items_quantity", "Array(Float64)", (), 6),
)


def merge(declarations: Iterable[Iterable[Column]]) -> tuple[Column, ...]:
    """Return all columns, each once, in the order of their first declaration.

    Raises ValueError if two declarations of one column differ.
    """
    merged: dict[str, Column] = {}
    for columns in declarations:
        for column in columns:
            if merged.setdefault(column.name, column) != column:
                raise ValueError(f"column {column.name} is declared as {merged[column.name]} and as {column}")
    return tuple(merged.values())

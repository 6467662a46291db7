"""Every column has a value that says nothing, and it fits its type."""

import pytest

from schemas.column import LABEL, TEXT, Column, merge
from schemas.columns import EVENT_HEAD, EVENTS, QUARANTINE, SOURCE, TABLES
from tests.schemas.column_types import fits
from tests.tables import table

ALL = {**TABLES, "quarantine": QUARANTINE}


@pytest.mark.parametrize("table", ALL)
def test_names_are_unique(table: str) -> None:
    names = [column.name for column in ALL[table]]
    assert len(names) == len(set(names))


@table("column", [column for columns in ALL.values() for column in columns])
def test_the_empty_value_fits_its_type(column: Column) -> None:
    assert fits(column.type, column.empty)


@pytest.mark.parametrize("table", TABLES)
def test_every_row_ends_with_the_record_that_brought_it(table: str) -> None:
    assert TABLES[table][-2:] == SOURCE


def test_row_begins_with_the_columns_of_intake() -> None:
    assert EVENTS[: len(EVENT_HEAD)] == EVENT_HEAD


@pytest.mark.parametrize(
    ("type_", "value"),
    [
        ("String", None),
        ("String", 1),
        ("LowCardinality(String)", "x" * 401),
        ("UInt8", 256),
        ("UInt16", -1),
        ("UInt16", True),
        ("DateTime64(3, 'UTC')", -1),
        ("Bool", 0),
        ("Float64", None),
        ("Float64", 1),
        ("Nullable(Float64)", float("nan")),
        ("Array(String)", ["a", 1]),
        ("Map(String, String)", {"a": None}),
    ],
)
def test_the_check_itself_refuses(type_: str, value: object) -> None:
    assert not fits(type_, value)


def test_columns_of_several_declarations_are_merged_in_the_order_of_the_first() -> None:
    a, b, c = Column("a", TEXT, ""), Column("b", TEXT, ""), Column("c", TEXT, "", since=2)
    assert merge([(a, b), (b, c), (c, a)]) == (a, b, c)


def test_two_declarations_of_one_column_must_agree() -> None:
    with pytest.raises(ValueError, match=r"column a is declared as .* and as"):
        merge([(Column("a", TEXT, ""),), (Column("a", LABEL, ""),)])

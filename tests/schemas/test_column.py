"""Columns as they are declared, and several declarations as one list."""

import pytest

from schemas.column import LABEL, TEXT, Column, columns_of, merge


def test_columns_from_rows() -> None:
    assert columns_of(("url", TEXT, ""), ("network", LABEL, "", 2)) == (
        Column("url", TEXT, "", 1),
        Column("network", LABEL, "", 2),
    )


def test_each_column_once_in_the_order_of_its_first_declaration() -> None:
    one, other, third = columns_of(("a", TEXT, ""), ("b", TEXT, ""), ("c", TEXT, ""))
    assert merge([(one, other), (third, one), ()]) == (one, other, third)


def test_two_declarations_that_differ_are_an_error() -> None:
    with pytest.raises(ValueError, match="column a is declared as"):
        merge([columns_of(("a", TEXT, "")), columns_of(("a", LABEL, ""))])

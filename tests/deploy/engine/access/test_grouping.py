"""Parentheses that only group are left out, and nothing else."""

import pytest

from deploy.engine.access.grouping import without_grouping


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SELECT 1 WHERE (1)", "SELECT 1 WHERE 1"),
        ("SELECT f((a), ((b = 1) AND (c))) FROM t", "SELECT f(a, b = 1 AND c) FROM t"),
        ("SELECT quantile(0.5)((a)) FROM t", "SELECT quantile(0.5)(a) FROM t"),
        ("SELECT hostName()", "SELECT hostName()"),
        ("SELECT ')(' AS `x (y)`, 'it\\'s (1)'", "SELECT ')(' AS `x (y)`, 'it\\'s (1)'"),
        ("(SELECT 1) UNION ALL (SELECT 2)", "SELECT 1 UNION ALL SELECT 2"),
        ("", ""),
    ],
)
def test_only_groups_are_left_out(text: str, expected: str) -> None:
    assert without_grouping(text) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("SELECT hostName()", "SELECT hostName"),
        ("SELECT f(a)", "SELECT f, a"),
        ("SELECT '(1)'", "SELECT '1'"),
        ("SELECT 1", "SELECT 1 INTO OUTFILE '1'"),
    ],
)
def test_other_differences_stay(one: str, other: str) -> None:
    assert without_grouping(one) != without_grouping(other)

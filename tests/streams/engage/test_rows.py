"""Rows have a value for every column, in the order of the columns."""

from typing import Any

import pytest

from schemas.columns import TABLES
from schemas.identity_messages import Link
from streams.engage.row_values import profile_values
from streams.engage.rows import (
    NO_OWNER,
    EncodedIdentifier,
    TableRows,
    encode_identifier,
    event_row,
    identity_row,
    piece_row,
    profile_row,
)
from streams.identity.claims import fold_link
from streams.identity.ties import NO_TIES, TieLimits, Ties
from streams.profile.local_state import LocalState
from streams.profile.touch_fold import fold_touch, total
from tests.schemas.column_types import read_row
from tests.streams.engage.stage_scenarios import DAY_MS, GAP_MS, START_MS, make_touch

ME = "main|email:a|b:c"  # the value contains both separators
MINE = encode_identifier(ME)
TOUCH = make_touch("e1", START_MS + 5, ("email:a|b:c",), page="example.org/a", source="google", weight=2.0)


def read(table: str, row: bytes) -> dict[str, Any]:
    """Return a row by column."""
    return read_row(row, TABLES[table])


def folded() -> LocalState:
    local = LocalState()
    fold_touch(local, TOUCH, 7 * DAY_MS, 35, GAP_MS)
    return local


@pytest.mark.parametrize(
    ("owner", "folded_into"),
    [(MINE, "email:a|b:c"), (NO_OWNER, "")],
)
@pytest.mark.parametrize("beyond", [False, True])
def test_the_row_of_a_touch(owner: EncodedIdentifier, folded_into: str, beyond: bool) -> None:
    row = read("events", event_row(TOUCH.head, owner, 2.0, True, beyond, 2, 3, 99))
    assert (row["tenant"], row["event_id"], row["folded_into"]) == ("main", "e1", folded_into)
    assert (row["weight"], row["too_late"], row["beyond_window"], row["change"]) == (2.0, True, beyond, 2)
    assert (row["activity_partition"], row["activity_offset"]) == (3, 99)


@pytest.mark.parametrize(("parent", "column"), [("", ""), ("main|customer_id:7", "customer_id:7")])
def test_the_row_of_a_profile(parent: str, column: str) -> None:
    row = read("profiles", profile_row(MINE, parent, profile_values(total(folded())), 3, 99))
    assert (row["tenant"], row["identifier"], row["parent"]) == ("main", "email:a|b:c", column)
    assert (row["touches"], row["touches_by"], row["first_source"]) == (1, {"visits": 1}, "google")
    assert (row["activity_partition"], row["activity_offset"]) == (3, 99)


def test_the_row_of_the_sessions_of_a_day() -> None:
    row = read("session_pieces", piece_row(MINE, folded(), START_MS // DAY_MS, 3, 99))
    assert (row["tenant"], row["folded_into"], row["day"]) == ("main", "email:a|b:c", START_MS // DAY_MS)
    assert (row["firsts"], row["lasts"], row["touches"]) == ([START_MS + 5], [START_MS + 5], [1])
    assert (row["entry_ids"], row["landing_pages"], row["sources"]) == (["e1"], ["example.org/a"], ["google"])


def test_the_row_of_an_identifier_with_a_parent_and_a_conflict() -> None:
    ties: Ties = NO_TIES
    for version, (target, since) in enumerate([("main|customer_id:2", 50), ("main|customer_id:1", 40)]):
        ties, _ = fold_link(ME, ties, Link(ME, target, version, since), version, TieLimits())
    row = read("identities", identity_row(MINE, ties, 3, 99))
    assert (row["parent"], row["since"], row["why"]) == ("customer_id:1", 40, "claim")
    assert row["conflicts"] == ["customer_id:2"]


def test_the_row_of_an_identifier_without_ties() -> None:
    row = read("identities", identity_row(MINE, NO_TIES, 3, 99))
    assert (row["parent"], row["since"], row["why"], row["conflicts"]) == ("", 0, "none", [])


def test_rows_of_a_table_are_in_the_order_of_their_offsets() -> None:
    rows = TableRows()
    rows.identities += [(5, b"c"), (2, b"a"), (5, b"b")]
    assert rows.tables() == {"identities": [(2, b"a"), (5, b"c"), (5, b"b")]}

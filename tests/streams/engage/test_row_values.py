"""Values of rows of `profiles` and `session_pieces`, in the columns of their tables."""

from msgspec.structs import astuple

from schemas.columns import PROFILES, SESSION_PIECES
from streams.engage.row_values import ProfileValues, piece_values, profile_values
from streams.profile.local_state import LocalState
from streams.profile.score import NO_RANK, rank, sum_of
from streams.profile.touch_fold import total
from tests.streams.profile.folding import fold
from tests.streams.touches import (
    DAY_MS,
    GAP_MS,
    START_MS,
    touch,
)


def test_the_fields_of_the_values_are_the_columns_in_their_order() -> None:
    fields = [name.removesuffix("_ms") for name in ProfileValues.__struct_fields__]
    assert fields == [column.name for column in PROFILES[3:-2]]


def test_values_of_a_profile() -> None:
    country = {"$country": "DE", "$device": "mobile", "name": "Bob"}
    some = [
        touch(START_MS, "a", source="google", medium="cpc", campaign="x", page="p/1", traits=country, weight=2.0),
        touch(START_MS + 5, "b", channel="calls", source="bing", page="p/2", weight=-1.0, rules_version="v2"),
        touch(START_MS + 3, "c", bot=True),
    ]
    whole = total(fold(some)[0])
    names = [column.name for column in PROFILES[3:-2]]
    assert dict(zip(names, astuple(profile_values(whole)), strict=True)) == {
        "touches": 3,
        "bots": 1,
        "identifiers": 1,
        "first_seen": START_MS,
        "last_seen": START_MS + 5,
        "touches_by": {"calls": 1, "visits": 2},
        "rank_pos": rank(whole.pos["visits"]),
        "rank_neg": rank(whole.neg["calls"]),
        "rank_pos_by": {"visits": rank(whole.pos["visits"])},
        "rank_neg_by": {"calls": rank(whole.neg["calls"])},
        "first_source": "google",
        "first_medium": "cpc",
        "first_campaign": "x",
        "first_page": "p/1",
        "last_source": "bing",
        "last_medium": "",
        "last_campaign": "",
        "last_page": "p/2",
        "traits": {"name": "Bob"},
        "country": "DE",
        "device": "mobile",
        "rules_version": "v2",
    }


def test_values_of_an_empty_profile_are_the_empty_values_of_the_columns() -> None:
    empty = {column.name: column.empty for column in PROFILES[3:-2]}
    assert dict(zip(empty, astuple(profile_values(total(LocalState()))), strict=True)) == empty
    assert rank(sum_of({})) == NO_RANK


def test_values_of_a_day_have_the_columns_of_session_pieces() -> None:
    local, _ = fold([touch(START_MS, "a", page="p"), touch(START_MS + GAP_MS + 1, "b", source="s")])
    names = [column.name for column in SESSION_PIECES[3:-2]]
    assert dict(zip(names, piece_values(local, START_MS // DAY_MS), strict=True)) == {
        "firsts": [START_MS, START_MS + GAP_MS + 1],
        "lasts": [START_MS, START_MS + GAP_MS + 1],
        "touches": [1, 1],
        "entry_ids": ["a", "b"],
        "landing_pages": ["p", ""],
        "sources": ["", "s"],
    }

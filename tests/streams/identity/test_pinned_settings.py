"""Pinned settings: which ones continue the settings in force, and what several proposals resolve to."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.time import DAY_MS
from streams.identity.pinned_settings import PinnedSettings, find_conflict, resolve_proposals

SEVEN = PinnedSettings(7 * DAY_MS, ("email", "phone"))
SETTINGS = st.builds(
    PinnedSettings,
    st.sampled_from([DAY_MS, 7 * DAY_MS]),
    st.lists(st.sampled_from("abcd"), unique=True, min_size=1).map(tuple),
)


@pytest.mark.parametrize(
    ("mine", "message"),
    [
        (SEVEN, ""),
        (PinnedSettings(7 * DAY_MS, ("crm", "email", "fax", "phone", "anonymous_id")), ""),
        (PinnedSettings(DAY_MS, ("email", "phone")), "half-life of 7 days, the rules set 1. Set half_life_days back"),
        (
            PinnedSettings(7 * DAY_MS, ("phone", "email")),
            "in the order email, phone, the settings list phone, email. Set",
        ),
        (PinnedSettings(7 * DAY_MS, ("email", "fax")), "in the order email, phone, the settings list email, fax. Set"),
    ],
)
def test_settings_that_continue_the_state_and_those_that_conflict(mine: PinnedSettings, message: str) -> None:
    conflict = find_conflict(SEVEN, mine)
    assert message in conflict
    assert bool(conflict) is bool(message)


@given(st.lists(SETTINGS))
def test_no_two_orders_ever_in_force_make_the_same_tie_in_opposite_directions(
    proposals: list[PinnedSettings],
) -> None:
    held = [resolve_proposals(proposals[:count]) for count in range(1, len(proposals) + 1)]
    assert held[:1] == proposals[:1]
    for earlier, later in combinations([settings for settings in held if settings], 2):
        assert not find_conflict(earlier, later)
        ties = [set(combinations(settings.order, 2)) for settings in (earlier, later)]
        assert ties[0] <= ties[1]


@given(st.lists(SETTINGS), SETTINGS)
def test_a_repeated_or_late_proposal_changes_nothing(proposals: list[PinnedSettings], late: PinnedSettings) -> None:
    held = resolve_proposals(proposals)
    assert resolve_proposals([*proposals, *proposals]) == held
    if held and find_conflict(held, late):
        assert resolve_proposals([*proposals, late]) == held

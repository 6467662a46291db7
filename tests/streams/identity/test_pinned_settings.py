"""The terms of a site: who may go on from what was made under them, and what several that come at once agree on."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.identity.pinned_settings import PinnedSettings, find_conflict, resolve_proposals

DAY_MS = 86_400_000
SEVEN = PinnedSettings(7 * DAY_MS, ("email", "phone"))
TERMS = st.builds(
    PinnedSettings,
    st.sampled_from([DAY_MS, 7 * DAY_MS]),
    st.lists(st.sampled_from("abcd"), unique=True, min_size=1).map(tuple),
)


@pytest.mark.parametrize(
    ("mine", "said"),
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
def test_what_can_go_on(mine: PinnedSettings, said: str) -> None:
    fault = find_conflict(SEVEN, mine)
    assert said in fault
    assert bool(fault) is bool(said)


@given(st.lists(TERMS))
def test_of_all_orders_that_ever_held_none_ties_what_another_ties_the_other_way(
    proposals: list[PinnedSettings],
) -> None:
    held = [resolve_proposals(proposals[:count]) for count in range(1, len(proposals) + 1)]
    assert held[:1] == proposals[:1]
    for earlier, later in combinations([terms for terms in held if terms], 2):
        assert not find_conflict(earlier, later)
        ties = [set(combinations(terms.order, 2)) for terms in (earlier, later)]
        assert ties[0] <= ties[1]


@given(st.lists(TERMS), TERMS)
def test_what_is_told_again_or_too_late_changes_nothing(proposals: list[PinnedSettings], late: PinnedSettings) -> None:
    held = resolve_proposals(proposals)
    assert resolve_proposals([*proposals, *proposals]) == held
    if held and find_conflict(held, late):
        assert resolve_proposals([*proposals, late]) == held

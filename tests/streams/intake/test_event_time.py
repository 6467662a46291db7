"""Event time: corrected by the sender's clock, within what is kept, and flagged where it was moved."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.flags import Flag
from schemas.time import LATEST_MS
from streams.intake.event_time import EARLY_MS, NOTICED_MS, Times, correct_event_time

NOW = 1_769_851_800_000
KEPT = 86_400_000_000
CASES = [
    ("as sent", NOW - 5, None, Times(NOW - 5, NOW - 5, ())),
    ("a bit early", NOW + EARLY_MS, None, Times(NOW + EARLY_MS, NOW + EARLY_MS, ())),
    ("too early", NOW + EARLY_MS + 1, None, Times(NOW + EARLY_MS + 1, NOW, (Flag.FUTURE,))),
    ("far future", 10**400, None, Times(LATEST_MS, NOW, (Flag.FUTURE,))),
    ("the oldest kept", NOW - KEPT, None, Times(NOW - KEPT, NOW - KEPT, ())),
    ("too old", NOW - KEPT - 1, None, Times(NOW - KEPT - 1, NOW - KEPT, (Flag.PAST,))),
    ("seconds instead of ms", NOW // 1_000, None, Times(NOW // 1_000, NOW - KEPT, (Flag.PAST,))),
    ("before 1970", -1, None, Times(0, NOW - KEPT, (Flag.PAST,))),
    ("far past", -(10**400), None, Times(0, NOW - KEPT, (Flag.PAST,))),
    ("right clock", NOW - 9_000, NOW, Times(NOW - 9_000, NOW - 9_000, ())),
    ("on the way", NOW - 9_000, NOW + 1 - NOTICED_MS, Times(NOW - 9_000, NOW - 9_001 + NOTICED_MS, ())),
    ("slow clock", NOW - 69_000, NOW - 60_000, Times(NOW - 69_000, NOW - 9_000, (Flag.CLOCK_CORRECTED,))),
    ("fast clock", NOW + 51_000, NOW + 60_000, Times(NOW + 51_000, NOW - 9_000, (Flag.CLOCK_CORRECTED,))),
    ("clock of 1970", 1_000, 10_000, Times(1_000, NOW - 9_000, (Flag.CLOCK_CORRECTED,))),
    ("clock of 2255", LATEST_MS + 1, LATEST_MS + 2, Times(LATEST_MS, NOW - 1, (Flag.CLOCK_CORRECTED,))),
    ("sent before it happened", NOW, NOW - 600_000, Times(NOW, NOW, (Flag.CLOCK_CORRECTED, Flag.FUTURE))),
    ("sent long after", NOW, 10**400, Times(NOW, NOW - KEPT, (Flag.CLOCK_CORRECTED, Flag.PAST))),
]


@pytest.mark.parametrize(
    ("occurred_at", "sent", "times"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_times(occurred_at: int, sent: int | None, times: Times) -> None:
    assert correct_event_time(occurred_at, sent, NOW, KEPT) == times


moments = st.integers(0, LATEST_MS)
anything = st.integers() | moments | st.integers(NOW - 10**7, NOW + 10**7)


@given(anything, st.none() | anything, moments, st.integers(0, 10**13))
@settings(deadline=None)
def test_every_event_time_is_within_retention(occurred_at: int, sent: int | None, received: int, kept: int) -> None:
    times = correct_event_time(occurred_at, sent, received, kept)
    assert max(0, received - kept) <= times.occurred_at_ms <= received + EARLY_MS
    assert 0 <= times.source_at_ms <= LATEST_MS


@given(anything, anything, moments, st.integers(0, 10**13))
@settings(deadline=None)
def test_the_source_time_is_the_same_in_every_retry(occurred_at: int, sent: int, received: int, later_ms: int) -> None:
    """A retry is sent again, so its sending and its arrival are others: dedupe goes by what does not change."""
    first = correct_event_time(occurred_at, sent, received, KEPT)
    again = correct_event_time(occurred_at, sent + later_ms, received + later_ms, KEPT)
    assert again.source_at_ms == first.source_at_ms


@given(st.integers(NOW - 10**9, NOW), st.integers(-(10**12), 10**12), st.integers(0, 10**6))
@settings(deadline=None)
def test_a_wrong_clock_makes_no_difference(at: int, wrong_ms: int, waited_ms: int) -> None:
    sent = at + waited_ms
    right, wrong = (
        correct_event_time(at, sent, sent, KEPT),
        correct_event_time(at + wrong_ms, sent + wrong_ms, sent, KEPT),
    )
    assert wrong.occurred_at_ms == right.occurred_at_ms == at
    assert (Flag.CLOCK_CORRECTED in wrong.flags) is (abs(wrong_ms) >= NOTICED_MS)

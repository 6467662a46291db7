"""Each change of a batch is emitted once, at the offset of the last change."""

from msgspec import json

from schemas.identity_messages import Link, Sum
from streams.profile.identifier_state import encode_total, total_of
from tests.streams.engage.folding import CRM, EMAIL, fold, rows, states
from tests.streams.engage.stage_scenarios import DAY_MS, START_MS, make_touch


def test_a_new_child_is_removed_from_the_profiles_and_sends_its_total() -> None:
    own = states(fold([make_touch("e", START_MS, ("email:b",))]))
    outcome = fold([Link(EMAIL, CRM, 5, START_MS)], own, first=11)
    (profile,), (identity,) = rows(outcome, "profiles"), rows(outcome, "identities")
    assert (profile["identifier"], profile["parent"]) == ("email:b", "customer_id:7")
    assert (identity["parent"], identity["since"], identity["why"]) == ("customer_id:7", START_MS, "claim")
    assert outcome.profiles == [(EMAIL.encode(), None, 11)]
    (message,) = outcome.messages
    assert message == Sum(CRM, EMAIL, 11, encode_total(total_of(own[EMAIL])))


def test_only_the_last_sum_to_a_parent_is_sent() -> None:
    child = states(fold([Link(EMAIL, CRM, 5, START_MS)]))
    outcome = fold([make_touch(str(n), START_MS, ("email:b",)) for n in range(3)], child, first=11)
    (message,) = outcome.messages
    assert isinstance(message, Sum)
    assert message.version == 13
    assert rows(outcome, "profiles") == []  # a child is no profile


def test_a_row_has_the_offset_of_its_change() -> None:
    stranger = Sum(EMAIL, "main|phone:9", 1, None)  # not linked: folded without a change
    outcome = fold([make_touch("e", START_MS, ("email:b",)), stranger])
    assert states(outcome)[EMAIL].offset == 11
    assert {row["activity_offset"] for table in outcome.rows.tables() for row in rows(outcome, table)} == {10}
    assert [(json.decode(value or b"")["version"], version) for _, value, version in outcome.profiles] == [(10, 10)]


def test_sessions_of_days_that_close_within_the_batch_are_emitted() -> None:
    months = [START_MS, START_MS + 1, START_MS + 40 * DAY_MS, START_MS + 80 * DAY_MS]
    outcome = fold([make_touch(str(n), t_ms, ("email:b",)) for n, t_ms in enumerate(months)])
    found = [(row["day"], row["touches"], row["activity_offset"]) for row in rows(outcome, "session_pieces")]
    day = START_MS // DAY_MS
    assert found == [(day, [2], 11), (day + 40, [1], 12), (day + 80, [1], 13)]

"""Sessions of profiles, derived by hand."""

from tests.journeys.crowd import DAY_MS, MINUTE_MS
from tests.oracle.cases import DAY, EMAIL, NOON, VISITOR, facts, oracle, sent
from tests.oracle.sessions import Run, Session


def test_sessions_span_identifiers_and_midnight() -> None:
    end = DAY + DAY_MS
    records = sent(
        facts(VISITOR, event_id="a", at_ms=end - 20 * MINUTE_MS, page="p/1"),
        facts(EMAIL, VISITOR, event_id="b", at_ms=end + 10 * MINUTE_MS, source="ad"),
        facts(VISITOR, event_id="c", at_ms=end + 40 * MINUTE_MS + 1, page="p/2"),
        facts(VISITOR, event_id="bot", at_ms=end + 39 * MINUTE_MS, bot=True),
        arrival_ms=end + DAY_MS,
    )
    expected = oracle(records)
    root, early, late = f"main|{EMAIL}", end - 20 * MINUTE_MS, end + 40 * MINUTE_MS + 1
    assert expected.sessions == {
        root: [
            Session(early, end + 10 * MINUTE_MS, 2, "p/1", "ad", (VISITOR, EMAIL), "a"),
            Session(late, late, 1, "p/2", "", (VISITOR,), "c"),
        ]
    }
    assert expected.pieces[f"main|{VISITOR}", DAY // DAY_MS] == [Run(early, "a", early, 1, "p/1", "")]


def test_sessions_longer_than_a_day_are_cut_at_midnights() -> None:
    steps = range(0, DAY_MS + 20 * MINUTE_MS, 20 * MINUTE_MS)
    stay = [facts(VISITOR, event_id=f"{step:09}", at_ms=NOON + step) for step in steps]
    (key,) = (sessions := oracle(sent(*stay, arrival_ms=DAY + 2 * DAY_MS)).sessions)
    assert [one.touches for one in sessions[key]] == [len(steps)]
    more = facts(VISITOR, event_id="more", at_ms=NOON + DAY_MS + 1)
    cut = oracle(sent(*stay, more, arrival_ms=DAY + 2 * DAY_MS)).sessions[key]
    assert [(one.started_ms, one.touches) for one in cut] == [(NOON, 36), (DAY + DAY_MS, 38)]

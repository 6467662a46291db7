"""Revisions in a batch: their verdicts, rows and profile."""

from collections.abc import Sequence

import pytest

from schemas.touch import Touch
from streams.profile.identifier_state import total_of
from tests.streams.engage.folding import fold, rows, states
from tests.streams.engage.stage_scenarios import START_MS, make_touch

PHONE = "main|phone:1"


def call(revision: int | None, type_: str = "missed", ids: Sequence[str] = ("phone:1",), **fields: object) -> Touch:
    return make_touch("call", START_MS, ids, channel="calls", type=type_, revision=revision, **fields)


@pytest.mark.parametrize(
    ("reports", "counts", "type_"),
    [
        ([call(0), call(1, "answered")], {"new": 1, "revised": 1}, "answered"),
        ([call(1, "answered"), call(0)], {"new": 1, "outdated": 1}, "answered"),
        ([call(0), call(2, "voicemail"), call(1, "answered")], {"new": 1, "revised": 1, "outdated": 1}, "voicemail"),
        ([call(1), call(1)], {"new": 1, "duplicate": 1}, "missed"),
        ([call(None), call(1, "answered")], {"new": 1, "late_revision": 1}, "missed"),
        ([call(1, "answered"), call(None)], {"new": 1, "duplicate": 1}, "answered"),
        ([call(0, ids=()), call(1, "answered", ids=())], {"new": 1, "late_revision": 1}, "missed"),
    ],
)
def test_verdicts_on_reports_of_one_touch(reports: list[Touch], counts: dict[str, int], type_: str) -> None:
    outcome = fold(reports)
    assert outcome.counts == {("calls", verdict): count for verdict, count in counts.items()}
    kept = [row for row in rows(outcome, "events") if row["change"] != -1]
    assert kept[-1]["type"] == type_
    assert len(kept) == 1 + counts.get("revised", 0)


def test_each_revision_has_its_rows_at_its_own_offset() -> None:
    """A replay that is cut into other batches emits the same rows."""
    reports = [call(0), call(1, "answered", weight=5.0), call(2, "voicemail", weight=-1.0)]
    together = rows(fold(reports), "events")
    assert [(row["activity_offset"], row["change"], row["type"], row["weight"]) for row in together] == [
        (10, 1, "missed", 1.0),
        (11, -1, "missed", 1.0),
        (11, 2, "answered", 5.0),
        (12, -1, "answered", 5.0),
        (12, 2, "voicemail", -1.0),
    ]


def test_the_profile_is_that_of_the_newest_revision() -> None:
    revised, alone = (
        fold([call(0, weight=9.0, source="ad"), call(3, "answered", weight=2.0)]),
        fold([call(3, weight=2)]),
    )
    assert total_of(states(revised)[PHONE]) == total_of(states(alone)[PHONE])
    (row,), (other,) = rows(revised, "profiles"), rows(alone, "profiles")
    assert {**row, "activity_offset": 0} == {**other, "activity_offset": 0}
    assert row["activity_offset"] == 11


def test_an_outdated_revision_changes_nothing_but_ties() -> None:
    first = fold([call(2)])
    later = fold([call(2), call(1, "answered", ids=("phone:1", "anonymous_id:v"))])
    assert total_of(states(later)[PHONE]) == total_of(states(first)[PHONE])
    assert len(rows(later, "events")) == 1
    assert [message.to for message in later.messages] == ["main|anonymous_id:v"]

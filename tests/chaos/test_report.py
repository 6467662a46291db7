"""The last line, and when it is a failure."""

import json
from collections.abc import Callable

import pytest

from tests.chaos.report import Report


def test_the_line_has_what_was_promised() -> None:
    report = Report(seed=7, rounds=2, touches=10)
    report.kinds.update(("kill_kafka", "kill_kafka", "rewind"))
    told = json.loads(report.line())
    assert list(told)[:8] == [
        "rounds", "faults", "touches", "lost", "double", "wrong_profiles", "wrong_rollups", "drift",
    ]  # fmt: skip
    assert (told["faults"], told["seed"], told["kinds"]) == (3, 7, {"kill_kafka": 2, "rewind": 1})
    assert report.ok


@pytest.mark.parametrize(
    "spoil",
    [
        lambda report: report.wrongs.update({"lost": 1}),
        lambda report: report.wrongs.update({"wrong_sessions": 1}),
        lambda report: report.troubles.append("a worker did not end"),
        lambda report: setattr(report, "drift", 1e-5),
    ],
)
def test_anything_wrong_is_a_failure(spoil: Callable[[Report], None]) -> None:
    report = Report(seed=1)
    spoil(report)
    assert not report.ok


def test_memory_is_the_largest_of_each_role() -> None:
    report = Report(seed=1)
    report.note_memory({"worker": 100.4, "kafka": 5})
    report.note_memory({"worker": 90, "engine": 7})
    assert json.loads(report.line())["peak_mb"] == {"engine": 7, "kafka": 5, "worker": 100}

"""The report line and the failures."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.chaos.__main__ import finish
from tests.chaos.report import Report


def test_the_line_has_the_documented_fields() -> None:
    report = Report(seed=7, rounds=2, touches=10)
    report.kinds.update(("kill_kafka", "kill_kafka", "rewind"))
    fields = json.loads(report.line())
    assert list(fields)[:8] == [
        "rounds", "faults", "touches", "lost", "double", "wrong_profiles", "wrong_rollups", "drift",
    ]  # fmt: skip
    assert (fields["faults"], fields["seed"], fields["kinds"]) == (3, 7, {"kill_kafka": 2, "rewind": 1})
    assert report.ok
    assert report.failures() == []


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
    assert len(report.failures()) == 1


def test_memory_is_the_largest_of_each_role() -> None:
    report = Report(seed=1)
    report.note_memory({"worker": 100.4, "kafka": 5})
    report.note_memory({"worker": 90, "engine": 7})
    assert json.loads(report.line())["peak_mb"] == {"engine": 7, "kafka": 5, "worker": 100}


def test_failures_are_the_last_lines_and_the_report_is_kept(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    report = Report(seed=3, troubles=["fault 2 kill_kafka: timed out"])
    report.wrongs.update({"lost": 2})
    out = tmp_path / "chaos.json"
    assert finish(report, out) == 1
    printed = capfd.readouterr()
    assert printed.err.splitlines()[-2:] == ["FAILED: 2 lost", "FAILED: fault 2 kill_kafka: timed out"]
    assert json.loads(out.read_text()) == json.loads(printed.out.splitlines()[-1]) == json.loads(report.line())


def test_a_report_that_cannot_be_written_is_a_failure(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert finish(Report(seed=3), tmp_path) == 1
    assert "could not be written" in capfd.readouterr().err

"""The import loop and its report."""

import gzip
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from sources.emitter import TouchTooLargeError
from sources.files import FileReadError, open_file
from sources.imports import EXAMPLES, Report, run_import
from sources.mail_log import MailLogOptions, read_mail_log
from sources.outcome import Emit, Outcome, Reject, Skip, shift_times
from sources.tables.reader import TableOptions, read_jsonl


class RecordingSink:
    """A sink that records up to `room` touches and raises at the next one."""

    def __init__(self, room: int = 1_000) -> None:
        self.room = room
        self.taken: list[tuple[str, Mapping[str, object]]] = []
        self.flushed = 0

    def emit(self, channel: str, touch: Mapping[str, object]) -> str:
        if len(self.taken) == self.room:
            raise RuntimeError("full")
        self.taken.append((channel, touch))
        return str(touch["event_id"])

    def flush(self) -> None:
        self.flushed = len(self.taken)


NEW_YEAR_MS = 1_704_067_200_000  # 2024-01-01T00:00:00Z

OUTCOMES: list[Outcome] = [
    Emit("calls", {"event_id": "a", "type": "missed", "occurred_at": 20}, ("unknown_caller",)),
    Emit("visits", {"event_id": "b", "type": "page", "occurred_at": 10}),
    Emit("visits", {"event_id": "c", "type": "page", "occurred_at": "2024-01-01T00:00:00Z"}),
    Skip("asset"),
    Skip("asset"),
    Reject("cut_short", 6, "half a line"),
]


def total(report: Report) -> int:
    return report.emitted.total() + report.skipped.total() + report.rejected.total()


@pytest.mark.parametrize("dry", [False, True])
def test_the_counts_of_a_report_add_up(dry: bool) -> None:
    sink = RecordingSink()
    report = run_import(OUTCOMES, None if dry else sink)
    assert report.as_dict() == {
        "read": 6,
        "emitted": {"calls": 1, "visits": 2},
        "types": {"calls/missed": 1, "visits/page": 2},
        "skipped": {"asset": 2},
        "rejected": {"cut_short": 1},
        "notes": {"unknown_caller": 1},
        "rejected_examples": [{"reason": "cut_short", "line_no": 6, "detail": "half a line"}],
        "first_ms": 10,
        "last_ms": NEW_YEAR_MS,
        "stopped": "",
    }
    assert [touch["event_id"] for _, touch in sink.taken] == ([] if dry else ["a", "b", "c"])
    assert sink.flushed == len(sink.taken)


@pytest.mark.parametrize(
    ("times", "first_ms", "last_ms"),
    [
        (["2024-01-01T01:00:00+01:00", "2024-01-01T00:00:01Z"], NEW_YEAR_MS, NEW_YEAR_MS + 1_000),
        ([NEW_YEAR_MS, "2023-12-31T23:59:59Z"], NEW_YEAR_MS - 1_000, NEW_YEAR_MS),
        (["no time", None, 1.5], None, None),
    ],
)
def test_the_first_and_the_last_time_are_reported(
    times: list[object], first_ms: int | None, last_ms: int | None
) -> None:
    report = run_import((Emit("visits", {"type": "page", "occurred_at": at}) for at in times), None)
    assert (report.first_ms, report.last_ms) == (first_ms, last_ms)


def test_unknown_types_are_counted_together() -> None:
    given: list[object] = ["missed", *(f"kind {n}" for n in range(1_000)), 5, None, ["x"]]
    report = run_import((Emit("calls", {"type": kind, "occurred_at": 0}) for kind in given), None)
    assert report.types == {"calls/missed": 1, "calls/other": 1_003}


def test_a_report_quotes_a_few_lines_of_each_reason() -> None:
    rejects: list[Outcome] = [Reject(reason, n, "bad") for n in range(100) for reason in ("one", "other")]
    report = run_import(rejects, None)
    assert report.rejected == {"one": 100, "other": 100}
    assert len(report.examples) == 2 * EXAMPLES
    assert {one.reason for one in report.examples} == {"one", "other"}


def test_progress_is_reported_regularly_and_at_the_end() -> None:
    seen: list[int] = []
    run_import([Skip("blank")] * 1_234, None, lambda report: seen.append(report.read))
    assert seen == [500, 1_000, 1_234]


def test_an_exception_of_the_sink_propagates() -> None:
    sink = RecordingSink(room=1)
    with pytest.raises(RuntimeError, match="full"):
        run_import(OUTCOMES, sink)
    assert len(sink.taken) == 1


class LimitedSink(RecordingSink):
    """A sink with a limit of size, like the emitter."""

    def emit(self, channel: str, touch: Mapping[str, object]) -> str:
        if len(str(touch.get("title", ""))) > 10:
            raise TouchTooLargeError("a touch for visits has 99 bytes, over the limit of 10")
        return super().emit(channel, touch)


def test_a_touch_that_is_too_large_rejects_its_line_only(tmp_path: Path) -> None:
    path = tmp_path / "touches.jsonl"
    page = {"type": "page", "url": "https://a.example/"}
    rows = [
        {**page, "occurred_at": NEW_YEAR_MS + n, "title": "x" * chars, "event_id": str(n)}
        for n, chars in ((1, 9), (2, 99), (3, 9))
    ]
    path.write_text("\n" + "".join(json.dumps(row) + "\n" for row in rows))
    sink = LimitedSink()
    with open_file(str(path)) as file:
        report = run_import(shift_times(read_jsonl(file, TableOptions("visits")), 5), sink)
    assert (report.emitted, report.rejected, report.read) == ({"visits": 2}, {"too_large": 1}, total(report))
    assert report.examples == [Reject("too_large", 3, "a touch for visits has 99 bytes, over the limit of 10")]
    assert [touch["event_id"] for _, touch in sink.taken] == ["1", "3"]
    assert sink.flushed == 2


def test_a_damaged_file_is_imported_up_to_the_damage() -> None:
    def broken() -> Iterator[Outcome]:
        yield from OUTCOMES
        raise FileReadError("cut.gz: the compressed file is damaged")

    sink = RecordingSink()
    report = run_import(broken(), sink)
    assert report.stopped == "cut.gz: the compressed file is damaged"
    assert (report.read, total(report), sink.flushed) == (6, 6, 3)


def test_a_longer_and_renamed_file_adds_only_new_lines(tmp_path: Path) -> None:
    old, new = tmp_path / "mails", tmp_path / "mails.1.gz"
    lines = b"1 2 0\r\n1 2 0\r\n3 4 5\r\n"
    old.write_bytes(lines)
    new.write_bytes(gzip.compress(lines + b"1 2 0\r\n"))
    ids: list[list[str]] = []
    for path in (old, old, new):
        sink = RecordingSink()
        with open_file(str(path)) as file:
            run_import(read_mail_log(file, MailLogOptions(0)), sink)
        ids.append([str(touch["event_id"]) for _, touch in sink.taken])
    assert ids[0] == ids[1] == ids[2][:3]
    assert len(set(ids[2])) == 4

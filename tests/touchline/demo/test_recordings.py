"""Recordings moved in time, and the order in which they are sent."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pytest

from sources.outcome import Emit, Outcome
from sources.recordings import ACCESS_LOG, CALL_LOG, MAIL_LOG
from touchline.demo.made_up_people import MADE_UP
from touchline.demo.recordings import MADE_UP_LINE, Recording, feed, read_shifts, recordings
from touchline.errors import CliError

NOW_MS = 1_800_000_000_000


def read_nothing(lines: Iterable[bytes]) -> Iterator[Outcome]:
    yield from ()


class ShortRecording(Recording):
    """A recording of three touches, one of each channel, for one person."""

    def outcomes(self) -> Iterator[Outcome]:
        agent = "Mozilla/5.0 (X11; Linux) Firefox/140"
        yield Emit("visits", {"anonymous_id": "v", "type": "page", "occurred_at": 1000, "user_agent": agent})
        yield Emit("emails", {"email": "p@x.example", "type": "sent", "occurred_at": 2000})
        yield Emit("calls", {"customer_id": "c", "type": "missed", "occurred_at": 3000})


class Sink:
    """Collects touches."""

    def __init__(self) -> None:
        self.touches: list[Mapping[str, object]] = []

    def emit(self, channel: str, touch: Mapping[str, object]) -> str:
        self.touches.append(touch)
        return ""

    def flush(self) -> None:
        pass


FOUND = [ShortRecording(MAIL_LOG, read_nothing)]


def test_invented_touches_are_sent_first_with_the_time_of_the_first_mail() -> None:
    sink = Sink()
    settled: list[int] = []
    settle = lambda: settled.append(len(sink.touches))  # noqa: E731
    reports = feed(FOUND, {MAIL_LOG: 500}, sink, lambda name, report: None, settle)
    assert settled == [5]
    assert [touch.get("source") == MADE_UP for touch in sink.touches] == [True, True, False, False, False]
    assert [touch["occurred_at"] for touch in sink.touches] == [2500, 2500, 1500, 2500, 3500]
    assert {name: report.read for name, report in reports.items()} == {"made up": 2, MAIL_LOG: 3}


def test_shift_of_a_recording_is_stored(tmp_path: Path) -> None:
    assert read_shifts(tmp_path, FOUND, NOW_MS) == {MAIL_LOG: NOW_MS - 3000}
    assert read_shifts(tmp_path, FOUND, NOW_MS + 5) == {MAIL_LOG: NOW_MS - 3000}


def test_recording_that_starts_earliest_is_sent_first() -> None:
    assert [one.name for one in recordings(b"0123456789abcdef")] == [MAIL_LOG, CALL_LOG, ACCESS_LOG]


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"access.log.gz": "x"}', b"\xff\xfe", b'{"other": 1}'])
def test_damaged_file_of_shifts_is_an_error(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "recordings.json").write_bytes(content)
    with pytest.raises(CliError, match=r"recordings.json is damaged .* use another folder, or delete the file"):
        read_shifts(tmp_path, FOUND, NOW_MS)


def test_note_of_the_live_view_fits_in_80_columns() -> None:
    assert "MADE UP" in MADE_UP_LINE
    assert len(f"{MADE_UP_LINE}.") <= 80

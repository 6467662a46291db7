"""The three recordings as touches, each moved so that its last one is now, and the made-up people that join them."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from deploy.atomic_file import replace_file
from sources.access_logs.importer import AccessLogOptions, read_access_log
from sources.call_log import CallLogOptions, read_call_log
from sources.files import open_file
from sources.imports import Report, TouchSink, run_import
from sources.mail_log import MailLogOptions, read_mail_log
from sources.outcome import Emit, Outcome, latest_time, shift_times
from sources.recordings import ACCESS_LOG, CALL_LOG, MAIL_LOG, MAIL_START_MS, SITE, recording
from touchline.demo.made_up_people import MadeUpPeople
from touchline.errors import CliError

MADE_UP_LINE: Final = "300 people are joined across the recordings by a mapping that is MADE UP"
MADE_UP_NOTE: Final = f"{MADE_UP_LINE}: the recordings know nothing of each other."
_SHIFTS: Final = "recordings.json"
_decode_shifts: Final = msgspec.json.Decoder(dict[str, int]).decode
Progress = Callable[[str, Report], None]


@dataclass(frozen=True, slots=True)
class Recording:
    """`name` is its file; `read` makes touches of its lines."""

    name: str
    read: Callable[[Iterable[bytes]], Iterator[Outcome]]

    def outcomes(self) -> Iterator[Outcome]:
        """Every line, in the recording's own time."""
        with open_file(str(recording(self.name))) as file:
            yield from self.read(file)


def recordings(visitor_key: bytes) -> list[Recording]:
    """All three, the one that reaches back furthest first: what is sent after a day is closed comes too late for it.

    Visitors are the same for good: the recording covers four days.
    """
    visits = AccessLogOptions(SITE, visitor_key, "ever")
    calls, mails = CallLogOptions(), MailLogOptions(MAIL_START_MS)
    return [
        Recording(MAIL_LOG, lambda lines: read_mail_log(lines, mails)),
        Recording(CALL_LOG, lambda lines: read_call_log(lines, calls)),
        Recording(ACCESS_LOG, lambda lines: read_access_log(lines, visits)),
    ]


def read_shifts(folder: Path, found: Sequence[Recording], now_ms: int) -> dict[str, int]:
    """By how much each recording is moved. Kept in the data folder: sent again, a touch must have the same time.

    Raises CliError for a damaged file.
    """
    path = folder / _SHIFTS
    if path.exists():
        try:
            known = _decode_shifts(path.read_bytes())
            if missing := [one.name for one in found if one.name not in known]:
                raise msgspec.DecodeError(f"{missing[0]} is missing")
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise CliError(
                f"{path} is damaged ({error}): take another folder, or delete the file. Without it the recordings get "
                f"other times, and their touches count again."
            ) from error
        return known
    shifts = {one.name: now_ms - (latest_time(one.outcomes()) or now_ms) for one in found}
    replace_file(path, json.dumps(shifts).encode())
    return shifts


def feed(
    found: Iterable[Recording],
    shifts: Mapping[str, int],
    sink: TouchSink,
    progress: Progress,
    settle: Callable[[], None] = lambda: None,
) -> dict[str, Report]:
    """Send everything; what became of each file's lines, and of the made-up touches.

    Those go first, so that a view of the hottest customers shows names from the beginning. `settle` is called after
    each recording and returns when it has been taken in: topics are read side by side, and newer touches of another one
    would close the days of those that still wait.
    """
    people = MadeUpPeople(SITE)
    for one in found:
        for outcome in one.outcomes():
            if isinstance(outcome, Emit):
                people.see(outcome)
    made_up = shift_times(people.touches(), shifts[MAIL_LOG])  # their times are those of mails
    reports = {"made up": run_import(made_up, sink, lambda report: progress("made up", report))}
    for one in found:

        def tell(report: Report, name: str = one.name) -> None:
            progress(name, report)

        reports[one.name] = run_import(shift_times(one.outcomes(), shifts[one.name]), sink, tell)
        settle()
    return reports

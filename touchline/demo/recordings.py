"""The three recordings as touches, moved in time to end now, and invented people that join them."""

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
MADE_UP_NOTE: Final = f"{MADE_UP_LINE}: the recordings have no person in common."
_SHIFTS: Final = "recordings.json"
_decode_shifts: Final = msgspec.json.Decoder(dict[str, int]).decode
Progress = Callable[[str, Report], None]


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording. `name` is its file; `read` converts its lines to touches."""

    name: str
    read: Callable[[Iterable[bytes]], Iterator[Outcome]]

    def outcomes(self) -> Iterator[Outcome]:
        """Yield the outcome of every line, with its original time."""
        with open_file(str(recording(self.name))) as file:
            yield from self.read(file)


def recordings(visitor_key: bytes) -> list[Recording]:
    """Return all three, the one that starts earliest first, since touches sent after their day is closed are too late.

    Visitors keep their ids over days: the recording covers four.
    """
    visits = AccessLogOptions(SITE, visitor_key, "ever")
    calls, mails = CallLogOptions(), MailLogOptions(MAIL_START_MS)
    return [
        Recording(MAIL_LOG, lambda lines: read_mail_log(lines, mails)),
        Recording(CALL_LOG, lambda lines: read_call_log(lines, calls)),
        Recording(ACCESS_LOG, lambda lines: read_access_log(lines, visits)),
    ]


def read_shifts(folder: Path, found: Sequence[Recording], now_ms: int) -> dict[str, int]:
    """Return by how much each recording is moved, in ms.

    It is stored in the data folder, because a touch that is sent again must have the same time. Raises CliError for a
    damaged file.
    """
    path = folder / _SHIFTS
    if path.exists():
        try:
            known = _decode_shifts(path.read_bytes())
            if missing := [one.name for one in found if one.name not in known]:
                raise msgspec.DecodeError(f"{missing[0]} is missing")
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise CliError(
                f"{path} is damaged ({error}): use another folder, or delete the file. Without it the recordings get "
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
    """Send everything, and return a report for each file and for the invented touches.

    The invented touches are sent first, so that a view of the customers with the highest scores shows names from the
    start. `settle` is called after each recording and returns when it has been processed: topics are read in parallel,
    and newer touches of another topic would close the days of those that still wait.
    """
    people = MadeUpPeople(SITE)
    for one in found:
        for outcome in one.outcomes():
            if isinstance(outcome, Emit):
                people.see(outcome)
    made_up = shift_times(people.touches(), shifts[MAIL_LOG])  # they have the times of mails
    reports = {"made up": run_import(made_up, sink, lambda report: progress("made up", report))}
    for one in found:

        def report_progress(report: Report, name: str = one.name) -> None:
            progress(name, report)

        reports[one.name] = run_import(shift_times(one.outcomes(), shifts[one.name]), sink, report_progress)
        settle()
    return reports

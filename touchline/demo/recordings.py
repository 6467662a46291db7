"""The three recordings as touches, each moved so that its last one is now, and the made-up people that join them."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sources.access_log import AccessLogOptions, read_access_log
from sources.call_log import CallLogOptions, read_call_log
from sources.files import open_file
from sources.imports import Report, Sink, run_import
from sources.joined import MadeUpPeople
from sources.mail_log import MailLogOptions, read_mail_log
from sources.outcomes import Emit, Outcome, last_time, shifted
from sources.recordings import ACCESS_LOG, CALL_LOG, MAIL_LOG, MAIL_START_MS, SITE, recording

MADE_UP_NOTE: Final = (
    "300 people are joined across the recordings by a mapping that is MADE UP: "
    "the recordings know nothing of each other."
)
_SHIFTS: Final = "recordings.json"
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
    """All three. Visitors are the same for good: the recording covers four days."""
    visits = AccessLogOptions(SITE, visitor_key, "ever")
    calls, mails = CallLogOptions(), MailLogOptions(MAIL_START_MS)
    return [
        Recording(ACCESS_LOG, lambda lines: read_access_log(lines, visits)),
        Recording(CALL_LOG, lambda lines: read_call_log(lines, calls)),
        Recording(MAIL_LOG, lambda lines: read_mail_log(lines, mails)),
    ]


def read_shifts(folder: Path, found: Iterable[Recording], now_ms: int) -> dict[str, int]:
    """By how much each recording is moved. Kept in the data folder: sent again, a touch must have the same time."""
    path = folder / _SHIFTS
    if path.exists():
        known: dict[str, int] = json.loads(path.read_text())
        return known
    shifts = {one.name: now_ms - (last_time(one.outcomes()) or now_ms) for one in found}
    path.write_text(json.dumps(shifts))
    return shifts


def feed(found: Iterable[Recording], shifts: Mapping[str, int], sink: Sink, progress: Progress) -> dict[str, Report]:
    """Send everything; what became of each file's lines, and of the made-up touches."""
    people = MadeUpPeople(SITE)
    reports = {}
    for one in found:
        name = one.name

        def noted(outcomes: Iterator[Outcome]) -> Iterator[Outcome]:
            for outcome in outcomes:
                if isinstance(outcome, Emit):
                    people.see(outcome)
                yield outcome

        def tell(report: Report, name: str = name) -> None:
            progress(name, report)

        reports[name] = run_import(noted(shifted(one.outcomes(), shifts[name])), sink, tell)
    reports["made up"] = run_import(people.touches(), sink, lambda report: progress("made up", report))
    return reports

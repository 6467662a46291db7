"""Output of `touchline import`: progress, and a report on the lines. Text from files is printed without markup and
control characters.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final, Protocol

from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
from rich.text import Text

from dashboards.terminal.consoles import progress_bar, progress_console
from dashboards.terminal.printable import dot_unprintable
from schemas.plural import counted
from sources.imports import Report
from sources.outcome import FURTHER_TOUCH
from touchline.cli.echo import echo

_PRINTED: Final = {"without_identifier": "without an identifier"}
_err = progress_console(soft_wrap=True)


class Input(Protocol):
    """A file or a folder that is being read."""

    @property
    def name(self) -> str:
        """Return the name, for messages."""
        ...

    @property
    def size_bytes(self) -> int | None:
        """Return the size on disk, None if it is unknown."""
        ...

    def read_bytes(self) -> int:
        """Return how much of the size has been read."""
        ...


def announce(line: str) -> None:
    """Print a line about a file to standard error, above the progress bar."""
    _err.print(Text(dot_unprintable(line)))


@contextmanager
def bar(file: Input, doing: str) -> Iterator[Callable[[Report], None]]:
    """Show on a terminal how much of a file or folder is read. `doing` is `checking`, `reading` or `sending`."""
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.fields[lines]:,} lines", markup=False),
        TimeElapsedColumn(),
    )
    with progress_bar(*columns) as progress:
        task = progress.add_task(f"{doing} {dot_unprintable(file.name)}", total=file.size_bytes, lines=0)
        yield lambda report: progress.update(task, completed=file.read_bytes(), lines=report.read)


def show(reports: Mapping[str, Report], dry_run: bool, as_json: bool, unit: str) -> None:
    """Print the reports by file. `unit`: what a file consists of, such as `line`."""
    if as_json:
        echo(json.dumps({name: report.as_dict() for name, report in reports.items()}))
        return
    for name, report in reports.items():
        _show_one(dot_unprintable(name), report, "accepted" if dry_run else "sent", unit)
    if dry_run and reports:
        echo("Nothing was sent.")
    elif any(report.emitted for report in reports.values()):
        echo("Copies of touches that were sent before are recognised by their event ids and count once.")
    if not dry_run and any(report.rejected for report in reports.values()):
        echo(f"Rejected {unit}s were not sent: correct them and import the file again.")


def _show_one(name: str, report: Report, done: str, unit: str) -> None:
    read = report.read - report.notes[FURTHER_TOUCH]
    echo(f"{name}: {counted(read, unit)} read, {counted(report.emitted.total(), 'touch')} {done}")
    for label, counts in (
        (done, report.types),
        ("skipped", report.skipped),
        ("rejected", report.rejected),
        ("noted", report.notes),
    ):
        for what, count in sorted(counts.items()):
            echo(f"  {label:<9}{_PRINTED.get(what, what):<28}{count:>10,}")
    if report.skipped["other_site"] and not report.emitted:
        echo("  other_site: the log has other hosts than --site: give the site's name in the log with --alias HOST")
    for one in report.examples:
        echo(f"  line {one.line_no}: {one.reason}: {dot_unprintable(one.detail)}")
    if report.stopped:
        echo(f"  {dot_unprintable(report.stopped)}")

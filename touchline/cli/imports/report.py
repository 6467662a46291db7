"""What `touchline import` prints: a bar while it reads, and what became of each line. Text from files is printed as it
can be printed: no markup, no control characters.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from dashboards.terminal.consoles import progress_console
from dashboards.terminal.printable import dot_unprintable
from sources.files import OpenFile
from sources.imports import Report
from touchline.cli.echo import echo

_err = progress_console(soft_wrap=True)


def announce(line: str) -> None:
    """A line about a file, on standard error, beside the bar."""
    _err.print(Text(dot_unprintable(line)))


@contextmanager
def bar(file: OpenFile, doing: str) -> Iterator[Callable[[Report], None]]:
    """Shows how far a file is read, on a terminal. `doing`: `checking` or `sending`."""
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.fields[lines]:,} lines", markup=False),
        TimeElapsedColumn(),
    )
    if not _err.is_terminal or _err.is_dumb_terminal:  # a bar that cannot go away leaves an empty line
        yield lambda report: None
        return
    with Progress(*columns, console=progress_console(), transient=True) as progress:
        task = progress.add_task(f"{doing} {dot_unprintable(file.name)}", total=file.size_bytes, lines=0)
        yield lambda report: progress.update(task, completed=file.read_bytes(), lines=report.read)


def show(reports: Mapping[str, Report], dry_run: bool, as_json: bool) -> None:
    """The reports, by file."""
    if as_json:
        echo(json.dumps({name: report.as_dict() for name, report in reports.items()}))
        return
    for name, report in reports.items():
        _show_one(dot_unprintable(name), report, "would emit" if dry_run else "emitted")
    if not dry_run and any(report.rejected for report in reports.values()):
        echo("Refused lines were not sent: correct them and import the file again; what came in counts once.")


def _show_one(name: str, report: Report, done: str) -> None:
    echo(f"{name}: read {report.read:,}, {done} {report.emitted.total():,} touches")
    for label, counts in (
        ("emitted", report.types),
        ("skipped", report.skipped),
        ("rejected", report.rejected),
        ("noted", report.notes),
    ):
        for what, count in sorted(counts.items()):
            echo(f"  {label:<9}{what.replace('_nobody', ' nobody'):<28}{count:>10,}")
    if report.skipped["other_site"] and not report.emitted:
        echo("  other_site: the log has other hosts than --site: give the site's name in the log as --alias HOST")
    for one in report.examples:
        echo(f"  line {one.line_no}: {one.reason}: {dot_unprintable(one.detail)}")
    if report.stopped:
        echo(f"  {dot_unprintable(report.stopped)}")

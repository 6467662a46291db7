"""Bringing files in: read, send, report. Tables are read to their end once before anything of them is sent."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Final

from dashboards.terminal.printable import dot_unprintable
from sources.access_logs.detect import AmbiguousFormatError
from sources.emitter import EmitError, Emitter
from sources.files import FileReadError, OpenFile, open_file
from sources.imports import Report, run_import
from sources.outcome import Outcome
from sources.tables.missing_keys import MissingKeys
from sources.tables.reader import HeaderError
from sources.tables.spool import Spool
from sources.tables.unknown_types import UnknownTypes
from touchline.cli.imports.check import checked, intake_check
from touchline.cli.imports.report import bar, show
from touchline.errors import CliError
from touchline.local.discovery import need_kafka
from touchline.settings import Settings
from touchline.worker.stages import topics_of

Reader = Callable[[OpenFile], Iterator[Outcome]]
Reports = dict[str, Report]
Opener = Callable[[str], AbstractContextManager[OpenFile]]

REFUSED_CODE: Final = 3
"""Exit code where no line was taken, or where the types are none of the channel's."""


def bring_in(settings: Settings, files: tuple[str, ...], read: Reader, dry_run: bool, as_json: bool) -> None:
    """Import the files one after another, show the progress, and what became of each line. Touches that intake would
    refuse are not sent. Exit code 1 if a file was cut off, 3 if no line of any was taken.
    """
    with _in_words(), _emitter(settings, dry_run) as emitter:
        check = intake_check(settings, time.time_ns() // 1_000_000)
        reports = _send(open_file, files, lambda file: checked(read(file), check), emitter, as_json)
    _end(reports)


def bring_in_tables(
    settings: Settings,
    files: tuple[str, ...],
    read: Reader,
    keys: MissingKeys | None,
    channel: str,
    dry_run: bool,
    as_json: bool,
) -> None:
    """As `bring_in`, for tables. All files are read to their end before the first touch is sent: types that the channel
    does not have stop the import, and so do names of `keys` that no line has.
    """
    seen = UnknownTypes(channel)
    with _in_words(), _emitter(settings, dry_run) as emitter, Spool(settings.folder) as spool:
        if not dry_run:
            _read(spool.open, files, lambda file: seen.observe(read(file)), "checking", None, {})
            _stop(keys, seen)
        check = intake_check(settings, time.time_ns() // 1_000_000)
        reports = _send(spool.open, files, lambda file: checked(seen.observe(read(file)), check), emitter, as_json)
        if dry_run:
            _stop(keys, seen)
    _end(reports)


def _stop(keys: MissingKeys | None, seen: UnknownTypes) -> None:
    """Raises CliError for what the user is to say before anything can be sent."""
    if keys and (said := keys.problem()):
        raise CliError(f"{said}. Nothing was sent.", code=1)
    if said := seen.problem():
        raise CliError(f"{said}. Nothing was sent.", code=REFUSED_CODE)


def _send(open_: Opener, files: tuple[str, ...], read: Reader, emitter: Emitter | None, as_json: bool) -> Reports:
    reports: Reports = {}
    try:
        return _read(open_, files, read, "sending" if emitter else "reading", emitter, reports)
    finally:
        show(reports, emitter is None, as_json)


def _read(
    open_: Opener, files: tuple[str, ...], read: Reader, doing: str, emitter: Emitter | None, reports: Reports
) -> Reports:
    for name in files:
        with open_(name) as file, bar(file, doing) as progress:
            try:
                reports[name] = run_import(read(file), emitter, progress)
            except HeaderError as error:
                raise HeaderError(f"{file.name}: {error}") from error
    return reports


def _end(reports: Reports) -> None:
    if any(report.stopped for report in reports.values()):
        raise CliError("not every file was read to its end.", code=1)
    refused = sum(report.rejected.total() for report in reports.values())
    if refused and not any(report.emitted for report in reports.values()):
        raise CliError(f"no touch was accepted: every line that has one was refused ({refused:,}).", code=REFUSED_CODE)


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except (FileReadError, EmitError, HeaderError, AmbiguousFormatError) as error:
        raise CliError(dot_unprintable(f"{str(error).rstrip('.')}."), code=1) from error


@contextmanager
def _emitter(settings: Settings, dry_run: bool) -> Iterator[Emitter | None]:
    if dry_run:
        yield None
        return
    with Emitter(need_kafka(settings), client_id="touchline-import", topic_of=topics_of(settings).raw) as emitter:
        yield emitter

"""Import of files: read, send, report. Tables are read to their end once before their first touch is sent."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Final, TypeVar

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
from touchline.cli.imports.report import Input, bar, show
from touchline.errors import CliError
from touchline.local.discovery import need_kafka
from touchline.settings import Settings
from touchline.worker.stages import topics_of

Reader = Callable[[OpenFile], Iterator[Outcome]]
Reports = dict[str, Report]
InputT = TypeVar("InputT", bound=Input)

REFUSED_CODE: Final = 3
"""Exit code if no line was accepted, or if the channel does not have the types."""


def import_files(settings: Settings, files: tuple[str, ...], read: Reader, dry_run: bool, as_json: bool) -> None:
    """Import files one after another, show progress and a report. Touches that intake would refuse are not sent.

    Exit code 1 if a file was truncated, 3 if no line of any was accepted.
    """
    import_inputs(settings, files, open_file, read, dry_run, as_json)


def import_inputs(
    settings: Settings,
    names: tuple[str, ...],
    open_: Callable[[str], AbstractContextManager[InputT]],
    read: Callable[[InputT], Iterator[Outcome]],
    dry_run: bool,
    as_json: bool,
    unit: str = "line",
) -> None:
    """Import as `import_files` does what `open_` opens by its name, such as a folder.

    `unit`: what an input consists of, for the report.
    """
    with _as_cli_errors(), _emitter(settings, dry_run) as emitter:
        check = intake_check(settings, time.time_ns() // 1_000_000)
        reports = _send(open_, names, lambda input_: checked(read(input_), check), emitter, as_json, unit)
    _check_reports(reports)


def import_tables(
    settings: Settings,
    files: tuple[str, ...],
    read: Reader,
    missing_keys: MissingKeys | None,
    channel: str,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Import tables as `import_files` does. All are read to their end before the first touch is sent.

    The import stops for types that the channel does not have, and for `missing_keys`.
    """
    unknown_types = UnknownTypes(channel)
    with _as_cli_errors(), _emitter(settings, dry_run) as emitter, Spool(settings.folder) as spool:
        if not dry_run:
            _read(spool.open, files, lambda file: unknown_types.observe(read(file)), "checking", None, {})
            _check_options(missing_keys, unknown_types)
        check = intake_check(settings, time.time_ns() // 1_000_000)
        reports = _send(
            spool.open, files, lambda file: checked(unknown_types.observe(read(file)), check), emitter, as_json
        )
        if dry_run:
            _check_options(missing_keys, unknown_types)
    _check_reports(reports)


def _check_options(missing_keys: MissingKeys | None, unknown_types: UnknownTypes) -> None:
    """Raise CliError if the user has to change options before anything is sent."""
    if missing_keys and (problem := missing_keys.problem()):
        raise CliError(f"{problem}. Nothing was sent.", code=1)
    if problem := unknown_types.problem():
        raise CliError(f"{problem}. Nothing was sent.", code=REFUSED_CODE)


def _send(
    open_: Callable[[str], AbstractContextManager[InputT]],
    files: tuple[str, ...],
    read: Callable[[InputT], Iterator[Outcome]],
    emitter: Emitter | None,
    as_json: bool,
    unit: str = "line",
) -> Reports:
    reports: Reports = {}
    try:
        return _read(open_, files, read, "sending" if emitter else "reading", emitter, reports)
    finally:
        show(reports, emitter is None, as_json, unit)


def _read(
    open_: Callable[[str], AbstractContextManager[InputT]],
    files: tuple[str, ...],
    read: Callable[[InputT], Iterator[Outcome]],
    doing: str,
    emitter: Emitter | None,
    reports: Reports,
) -> Reports:
    for name in files:
        with open_(name) as file, bar(file, doing) as progress:
            try:
                reports[name] = run_import(read(file), emitter, progress)
            except HeaderError as error:
                raise HeaderError(f"{file.name}: {error}") from error
    return reports


def _check_reports(reports: Reports) -> None:
    if any(report.stopped for report in reports.values()):
        raise CliError("not all files were read to their end.", code=1)
    refused = sum(report.rejected.total() for report in reports.values())
    if refused and not any(report.emitted for report in reports.values()):
        raise CliError(f"no touch was accepted: all lines with a touch were refused ({refused:,}).", code=REFUSED_CODE)


@contextmanager
def _as_cli_errors() -> Iterator[None]:
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

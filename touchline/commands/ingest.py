"""`touchline import`: files of other systems become touches. The same file again adds only what is new."""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TypeVar

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from schemas.channels import CHANNELS
from sources.access_log import AccessLogOptions, read_access_log
from sources.access_logs.detect import UncertainFormat
from sources.access_logs.formats import AUTO, FORMATS
from sources.call_log import CallLogOptions, read_call_log
from sources.emitter import EmitError, Emitter
from sources.files import FileTrouble, OpenFile, open_file
from sources.imports import Report, run_import
from sources.mail_log import MailLogOptions, read_mail_log
from sources.outcomes import Outcome
from sources.tables import TableOptions, WrongHeader, read_csv, read_jsonl
from touchline.commands.options import data_option, json_option
from touchline.errors import Trouble
from touchline.settings import Settings
from touchline.stages import topics_of
from touchline.visitor_key import visitor_key
from touchline.where import need_kafka, settings_here

T = TypeVar("T")
Reader = Callable[[Iterable[bytes]], Iterator[Outcome]]
_err = Console(stderr=True)

files_argument = click.argument("files", nargs=-1, required=True, metavar="FILE...")
dry_option = click.option("--dry-run", is_flag=True, help="Read and count, send nothing.")


@click.group("import")
def import_() -> None:
    """Bring in files: plain or gzip, `-` for standard input."""


@import_.command("access-log")
@files_argument
@click.option(
    "--site", required=True, help="Scheme and host of the site, such as https://www.example.com: a log has only paths."
)
@click.option(
    "--format",
    "format_",
    default=AUTO,
    show_default=True,
    metavar="NAME|PATTERN",
    help=f"The log's format: {', '.join(FORMATS)}, or the server's own LogFormat or log_format.",
)
@click.option(
    "--alias",
    "aliases",
    multiple=True,
    metavar="HOST",
    help="Another name that the log has for the site's virtual host.",
)
@click.option("--assets", is_flag=True, help="Take static assets, too.")
@click.option("--without-ip", is_flag=True, help="Do not keep IP addresses.")
@dry_option
@data_option
@json_option
def access_log(
    files: tuple[str, ...],
    site: str,
    format_: str,
    aliases: tuple[str, ...],
    assets: bool,
    without_ip: bool,
    dry_run: bool,
    data: str | None,
    as_json: bool,
) -> None:
    """Access logs of web servers and balancers: Apache, nginx, Caddy, Traefik, IIS, CloudFront and others."""
    settings = settings_here(data)
    key, by = visitor_key(settings.folder), settings.visitor_by
    options = _checked(lambda: AccessLogOptions(site, key, by, assets, not without_ip, format_, aliases))

    def read(lines: Iterable[bytes]) -> Iterator[Outcome]:
        name = lines.name if isinstance(lines, OpenFile) else "the log"
        try:
            yield from read_access_log(lines, options, lambda format: _announce(name, format))
        except UncertainFormat as error:
            raise UncertainFormat(f"{name}: the format is not certain: {error}") from error

    bring_in(settings, files, read, dry_run, as_json)


def _announce(name: str, format: str) -> None:
    _err.print(f"{name}: format: {format}", markup=False, highlight=False, soft_wrap=True)


@import_.command("calls")
@files_argument
@click.option("--zone", default="Asia/Jerusalem", show_default=True, help="Time zone of the call centre.")
@dry_option
@data_option
@json_option
def calls(files: tuple[str, ...], zone: str, dry_run: bool, data: str | None, as_json: bool) -> None:
    """A call centre's log in the columns of the "Anonymous Bank" recording."""
    options = _checked(lambda: CallLogOptions(zone))
    bring_in(settings_here(data), files, lambda lines: read_call_log(lines, options), dry_run, as_json)


@import_.command("emails")
@files_argument
@click.option("--start", required=True, help="Second 0 of the log, such as 2004-01-01T00:00:00Z.")
@click.option("--domain", default="eu-core.example", show_default=True, help="Domain of the made-up addresses.")
@dry_option
@data_option
@json_option
def emails(files: tuple[str, ...], start: str, domain: str, dry_run: bool, data: str | None, as_json: bool) -> None:
    """Lines of `sender receiver seconds`."""
    try:
        began = datetime.fromisoformat(start)
    except ValueError:
        raise Trouble(f"--start {start!r} is no time such as 2004-01-01T00:00:00Z.", code=2) from None
    if began.tzinfo is None:
        raise Trouble(f"--start {start!r} needs its zone: add Z.", code=2)
    options = _checked(lambda: MailLogOptions(int(began.timestamp() * 1000), domain))
    bring_in(settings_here(data), files, lambda lines: read_mail_log(lines, options), dry_run, as_json)


def _table_options(command: Callable[..., None]) -> Callable[..., None]:
    for option in (
        click.option("--channel", required=True, type=click.Choice(sorted(CHANNELS))),
        click.option(
            "--map", "mapped", multiple=True, metavar="COLUMN=FIELD", help="A column that is not called like its field."
        ),
        click.option(
            "--set",
            "constants",
            multiple=True,
            metavar="FIELD=VALUE",
            help="What the table does not say, such as type=opened.",
        ),
        click.option("--zone", default="", help="Time zone of times that name none."),
    ):
        command = option(command)
    return command


@import_.command("csv")
@files_argument
@_table_options
@click.option("--delimiter", default=",", show_default=True)
@dry_option
@data_option
@json_option
def csv(
    files: tuple[str, ...],
    channel: str,
    mapped: tuple[str, ...],
    constants: tuple[str, ...],
    zone: str,
    delimiter: str,
    dry_run: bool,
    data: str | None,
    as_json: bool,
) -> None:
    """Tables with a header line."""
    options = _checked(
        lambda: TableOptions(
            channel, _pairs("--map", mapped), _pairs("--set", constants), zone=zone, delimiter=delimiter
        )
    )
    bring_in(settings_here(data), files, lambda lines: read_csv(lines, options), dry_run, as_json)


@import_.command("jsonl")
@files_argument
@_table_options
@dry_option
@data_option
@json_option
def jsonl(
    files: tuple[str, ...],
    channel: str,
    mapped: tuple[str, ...],
    constants: tuple[str, ...],
    zone: str,
    dry_run: bool,
    data: str | None,
    as_json: bool,
) -> None:
    """One JSON object per line."""
    options = _checked(lambda: TableOptions(channel, _pairs("--map", mapped), _pairs("--set", constants), zone=zone))
    bring_in(settings_here(data), files, lambda lines: read_jsonl(lines, options), dry_run, as_json)


def _checked(make: Callable[[], T]) -> T:
    try:
        return make()
    except ValueError as error:
        raise Trouble(f"{error}.", code=2) from error


def _pairs(option: str, given: tuple[str, ...]) -> dict[str, str]:
    pairs = {}
    for one in given:
        name, equals, value = one.partition("=")
        if not (name and equals):
            raise Trouble(f"{option} {one!r} is not of the form NAME=VALUE.", code=2)
        pairs[name] = value
    return pairs


def bring_in(settings: Settings, files: tuple[str, ...], read: Reader, dry_run: bool, as_json: bool) -> None:
    """Import the files one after another, show the progress, and what became of each line. Exit code 1 if a file was
    cut off.
    """
    reports: dict[str, Report] = {}
    try:
        with _emitter(settings, dry_run) as emitter:
            for name in files:
                with open_file(name) as file, _bar(file) as progress:
                    reports[name] = run_import(read(file), emitter, progress)
    except (FileTrouble, EmitError, WrongHeader, UncertainFormat) as error:
        raise Trouble(str(error), code=1) from error
    finally:
        _tell(reports, dry_run, as_json)
    if any(report.stopped for report in reports.values()):
        raise Trouble("not every file was read to its end.", code=1)


@contextmanager
def _emitter(settings: Settings, dry_run: bool) -> Iterator[Emitter | None]:
    if dry_run:
        yield None
        return
    with Emitter(need_kafka(settings), client_id="touchline-import", topic_of=topics_of(settings).raw) as emitter:
        yield emitter


@contextmanager
def _bar(file: OpenFile) -> Iterator[Callable[[Report], None]]:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[lines]:,} lines"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=_err, transient=True) as bar:
        task = bar.add_task(file.name, total=file.size_bytes, lines=0)
        yield lambda report: bar.update(task, completed=file.read_bytes(), lines=report.read)


def _tell(reports: dict[str, Report], dry_run: bool, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({name: report.as_dict() for name, report in reports.items()}))
        return
    for name, report in reports.items():
        click.echo(
            f"{name}: read {report.read:,}, {'would emit' if dry_run else 'emitted'} {report.emitted.total():,} touches"
        )
        for label, counts in (
            ("emitted", report.types),
            ("skipped", report.skipped),
            ("rejected", report.rejected),
            ("noted", report.notes),
        ):
            for what, count in sorted(counts.items()):
                click.echo(f"  {label:<9}{what:<28}{count:>10,}")
        for one in report.examples:
            click.echo(f"  line {one.line_no}: {one.reason}: {one.detail}")
        if report.stopped:
            click.echo(f"  {report.stopped}")

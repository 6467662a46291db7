"""`touchline import`: files of other systems as touches. Importing a file again adds only what is new."""

from collections.abc import Iterator

import click

from sources.access_logs.detect import AmbiguousFormatError
from sources.access_logs.formats import AUTO, FORMATS
from sources.access_logs.importer import AccessLogOptions, read_access_log
from sources.call_log import CallLogOptions, read_call_log
from sources.files import OpenFile
from sources.mail_log import MailLogOptions, read_mail_log
from sources.outcome import Outcome
from touchline.cli.command_group import SuggestingGroup
from touchline.cli.imports.archives import ARCHIVES
from touchline.cli.imports.mailboxes import maildir, mbox
from touchline.cli.imports.options import checked_options, dry_option, files_argument
from touchline.cli.imports.report import announce
from touchline.cli.imports.run import import_files
from touchline.cli.imports.tables import csv, jsonl
from touchline.cli.options import data_option, json_option, tenant_option
from touchline.local.data_folder.visitor_key import visitor_key
from touchline.local.discovery import settings_here
from touchline.ops.time_option import read_time_option


@click.group("import", cls=SuggestingGroup)
def import_() -> None:
    """Import files, plain or gzip; `-` is standard input."""


@import_.command("access-log")
@files_argument
@click.option(
    "--site",
    required=True,
    help="Scheme and host of the site, such as https://www.example.com: a log has only paths.",
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
    help="Another name of the site's virtual host in the log.",
)
@click.option("--assets", is_flag=True, help="Import requests of static assets, too.")
@click.option("--without-ip", is_flag=True, help="Do not store IP addresses.")
@tenant_option
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
    tenant: str,
    dry_run: bool,
    data: str | None,
    as_json: bool,
) -> None:
    """Access logs of web servers and balancers: Apache, nginx, Caddy, Traefik, IIS, CloudFront and others."""
    settings = settings_here(data)
    key, by = visitor_key(settings.folder), settings.visitor_by
    options = checked_options(lambda: AccessLogOptions(site, key, by, assets, not without_ip, format_, aliases, tenant))

    def read(file: OpenFile) -> Iterator[Outcome]:
        try:
            yield from read_access_log(file, options, lambda format: announce(f"{file.name}: format: {format}"))
        except AmbiguousFormatError as error:
            raise AmbiguousFormatError(f"{file.name}: the format is not certain: {error}") from error

    import_files(settings, files, read, dry_run, as_json)


@import_.command("calls")
@files_argument
@click.option("--zone", default="Asia/Jerusalem", show_default=True, help="Time zone of the call centre.")
@dry_option
@data_option
@json_option
def calls(files: tuple[str, ...], zone: str, dry_run: bool, data: str | None, as_json: bool) -> None:
    """A call centre's log in the columns of the "Anonymous Bank" recording."""
    options = checked_options(lambda: CallLogOptions(zone))
    import_files(settings_here(data), files, lambda file: read_call_log(file, options), dry_run, as_json)


@import_.command("emails")
@files_argument
@click.option("--start", required=True, help="Second 0 of the log, such as 2004-01-01T00:00:00Z.")
@click.option("--domain", default="eu-core.example", show_default=True, help="Domain of the invented addresses.")
@dry_option
@data_option
@json_option
def emails(files: tuple[str, ...], start: str, domain: str, dry_run: bool, data: str | None, as_json: bool) -> None:
    """Lines of `sender receiver seconds`."""
    begin_ms = read_time_option("--start", start)
    options = checked_options(lambda: MailLogOptions(begin_ms, domain))
    import_files(settings_here(data), files, lambda file: read_mail_log(file, options), dry_run, as_json)


for _command in (*ARCHIVES, csv, jsonl, maildir, mbox):
    import_.add_command(_command)

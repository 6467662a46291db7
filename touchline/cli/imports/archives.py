"""`touchline import segment`, `rudderstack`, `posthog` and `snowplow`: archives of analytics systems."""

from collections.abc import Callable, Iterable, Iterator
from typing import Final

import click

from schemas.raw_touch import LONGEST_ID
from sources.archives.event_lines import ArchiveOptions
from sources.archives.posthog import read_posthog_export
from sources.archives.segment import read_segment_archive
from sources.archives.snowplow import read_snowplow_archive
from sources.outcome import Outcome
from touchline.cli.imports.options import dry_option, files_argument
from touchline.cli.imports.run import import_files
from touchline.cli.options import data_option, json_option, tenant_option
from touchline.errors import CliError
from touchline.local.discovery import settings_here

ReadArchive = Callable[[Iterable[bytes], ArchiveOptions], Iterator[Outcome]]


def _command(name: str, read: ReadArchive, help_: str) -> click.Command:
    """Return the command that imports one kind of archive."""

    @click.command(name, help=help_)
    @files_argument
    @click.option("--source", default=name, show_default=True, metavar="NAME", help="The source of all touches.")
    @tenant_option
    @dry_option
    @data_option
    @json_option
    def import_archive(
        files: tuple[str, ...], source: str, tenant: str, dry_run: bool, data: str | None, as_json: bool
    ) -> None:
        if not source or len(source) > LONGEST_ID or not source.isprintable():
            raise CliError(f"--source must be a name of 1 to {LONGEST_ID} printable characters.", code=2)
        options = ArchiveOptions(source, tenant)
        import_files(settings_here(data), files, lambda file: read(file, options), dry_run, as_json)

    return import_archive


ARCHIVES: Final = (
    _command("segment", read_segment_archive, "Archives of Segment: one event as JSON on each line."),
    _command("rudderstack", read_segment_archive, "Archives of RudderStack: one event as JSON on each line."),
    _command("posthog", read_posthog_export, "Batch exports of PostHog's events as JSON lines."),
    _command("snowplow", read_snowplow_archive, "Snowplow's enriched events: tab separated, in 131 columns."),
)

"""`touchline import csv` and `touchline import jsonl`: tables whose columns the user maps to fields."""

from collections.abc import Callable
from typing import Any

import click

from schemas.channels import CHANNELS
from sources.presets import PRESETS
from sources.tables.missing_keys import MissingKeys
from sources.tables.options import TableOptions
from sources.tables.reader import read_csv, read_jsonl
from sources.tables.times import UNITS
from touchline.cli.imports.options import checked_options, dry_option, files_argument, pairs, replacements
from touchline.cli.imports.run import import_tables
from touchline.cli.options import data_option, json_option
from touchline.errors import CliError
from touchline.local.discovery import settings_here


def _table_options(command: Callable[..., None]) -> Callable[..., None]:
    for option in reversed(
        (
            click.option("--channel", type=click.Choice(sorted(CHANNELS)), help="The channel of its rows."),
            click.option(
                "--preset",
                type=click.Choice(sorted(PRESETS)),
                help="The export of a known system: its columns, words and times. Other options take precedence.",
            ),
            click.option(
                "--map",
                "mapped",
                multiple=True,
                metavar="COLUMN=FIELD",
                help="The field of a column with another name.",
            ),
            click.option(
                "--set",
                "constants",
                multiple=True,
                metavar="FIELD=VALUE",
                help="A value for all rows, such as type=opened.",
            ),
            click.option(
                "--value",
                "values",
                multiple=True,
                metavar="NAME:TEXT=WORD",
                help="Replace a text of a column or field, such as result:ANSWERED=answered. "
                "Without a word, rows with the text are skipped.",
            ),
            click.option("--zone", default="", help="Time zone of times that have none."),
            click.option(
                "--time-unit",
                default="",
                type=click.Choice(["", *UNITS]),
                metavar=f"[{'|'.join(UNITS)}]",
                help="Unit of times that are numbers since 1970 (default: milliseconds).",
            ),
            click.option(
                "--time-format", default="", metavar="FORMAT", help="Format of times, such as '%d.%m.%Y %H:%M'."
            ),
        )
    ):
        command = option(command)
    return command


@click.command("csv")
@files_argument
@_table_options
@click.option("--delimiter", default=",", show_default=True, help="Separator of columns: one character, or tab.")
@click.option(
    "--encoding", default="", help="Such as cp1252, latin-1 or utf-16 (default: by the byte order mark, or UTF-8)."
)
@click.option("--columns", default="", metavar="A,B,...", help="The columns of a table without a header line.")
@click.option("--no-header", is_flag=True, help="The table has no header line: the columns are the preset's.")
@dry_option
@data_option
@json_option
def csv(
    files: tuple[str, ...],
    delimiter: str,
    encoding: str,
    columns: str,
    no_header: bool,
    dry_run: bool,
    data: str | None,
    as_json: bool,
    **given: Any,
) -> None:
    """Tables in CSV, with or without a header line."""
    header = _header(columns, no_header, given["preset"])
    mark = "\t" if delimiter in ("tab", "\\t") else delimiter
    options = _options(given, delimiter=mark, encoding=encoding, header=header)
    import_tables(
        settings_here(data),
        files,
        lambda file: read_csv(file.blocks(), options),
        None,
        options.channel,
        dry_run,
        as_json,
    )


@click.command("jsonl")
@files_argument
@_table_options
@dry_option
@data_option
@json_option
def jsonl(files: tuple[str, ...], dry_run: bool, data: str | None, as_json: bool, **given: Any) -> None:
    """One JSON object per line, in UTF-8."""
    options = _options(given)
    missing_keys = MissingKeys(options)
    import_tables(
        settings_here(data),
        files,
        lambda file: read_jsonl(file, options, missing_keys),
        missing_keys,
        options.channel,
        dry_run,
        as_json,
    )


def _options(given: dict[str, Any], **more: Any) -> TableOptions:
    preset = PRESETS[given["preset"]] if given["preset"] else None
    channel = given["channel"] or (preset.channel if preset else "")
    if not channel:
        raise CliError(f"choose what the rows are: --channel {', '.join(sorted(CHANNELS))}, or a --preset.", code=2)
    return checked_options(
        lambda: TableOptions(
            channel,
            pairs("--map", given["mapped"]),
            pairs("--set", given["constants"]),
            zone=given["zone"],
            values=replacements(given["values"]),
            time_unit=given["time_unit"],
            time_format=given["time_format"],
            preset=preset,
            **more,
        )
    )


def _header(columns: str, no_header: bool, preset: str | None) -> tuple[str, ...]:
    if columns:
        return tuple(name.strip() for name in columns.split(","))
    header = PRESETS[preset].header if no_header and preset else ()
    if no_header and not header:
        raise CliError("--no-header needs the names of the columns: --columns type,occurred_at,phone,...", code=2)
    return header

"""`touchline import mbox` and `touchline import maildir`: the mails of a mailbox."""

from collections.abc import Callable

import click

from sources.files import open_file
from sources.mailboxes.mail_touches import MailboxOptions, read_mails
from sources.mailboxes.maildir import open_maildir
from sources.mailboxes.mbox import split_mbox
from sources.mailboxes.own_addresses import OwnAddresses
from touchline.cli.imports.options import checked_options, dry_option, files_argument
from touchline.cli.imports.run import import_inputs
from touchline.cli.options import data_option, json_option, tenant_option
from touchline.local.discovery import settings_here

_folders_argument = click.argument("folders", nargs=-1, required=True, metavar="FOLDER...")


def _mail_options(command: Callable[..., None]) -> Callable[..., None]:
    for option in (
        json_option,
        data_option,
        dry_option,
        tenant_option,
        click.option("--text", "with_text", is_flag=True, help="Keep the beginning of each mail's text."),
        click.option(
            "--own",
            multiple=True,
            required=True,
            metavar="ADDRESS|DOMAIN",
            help="An address or a domain of yours: mails from it are outbound. Several are allowed.",
        ),
    ):
        command = option(command)
    return command


@click.command("mbox")
@files_argument
@_mail_options
def mbox(
    files: tuple[str, ...],
    own: tuple[str, ...],
    with_text: bool,
    tenant: str,
    dry_run: bool,
    data: str | None,
    as_json: bool,
) -> None:
    """Mailboxes in mbox format: Thunderbird, Apple Mail, Google Takeout and others; an .eml file is one mail."""
    options = _options(own, with_text, tenant)
    import_inputs(
        settings_here(data),
        files,
        open_file,
        lambda file: read_mails(split_mbox(file, with_text), options),
        dry_run,
        as_json,
        "mail",
    )


@click.command("maildir")
@_folders_argument
@_mail_options
def maildir(
    folders: tuple[str, ...],
    own: tuple[str, ...],
    with_text: bool,
    tenant: str,
    dry_run: bool,
    data: str | None,
    as_json: bool,
) -> None:
    """Mailboxes in Maildir format, with their subfolders: Dovecot, Courier, mutt and others."""
    options = _options(own, with_text, tenant)
    import_inputs(
        settings_here(data),
        folders,
        open_maildir,
        lambda folder: read_mails(folder.mails(with_text), options),
        dry_run,
        as_json,
        "mail",
    )


def _options(own: tuple[str, ...], with_text: bool, tenant: str) -> MailboxOptions:
    return checked_options(lambda: MailboxOptions(OwnAddresses.parse(own), with_text, tenant))

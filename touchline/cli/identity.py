"""`touchline identity`: show, join and separate the identifiers of a profile.

Changes are records on `activity`, as touches are.
"""

import json
import sys

import click
from kafka import KafkaProducer
from kafka.errors import KafkaError

from dashboards.terminal.printable import escape_unprintable
from schemas.activity import encode_record
from schemas.identifiers.identifier import explain_refusal, read_identifier
from schemas.identity_messages import Claim, Unlink
from streams.identity.precedence import Precedence
from streams.records import partition_of
from touchline.cli.command_group import SuggestingGroup
from touchline.cli.echo import echo
from touchline.cli.options import data_option, json_option, tenant_option
from touchline.errors import KAFKA_ADVICE, CliError
from touchline.local.discovery import need_kafka, settings_here
from touchline.ops.query_context import now_ms, query_context
from touchline.settings import Settings
from touchline.worker.stages import topics_of


@click.group(cls=SuggestingGroup)
def identity() -> None:
    """Show, join or separate the identifiers of a profile."""


@identity.command("show")
@click.argument("identifier")
@data_option
@tenant_option
@json_option
def show(identifier: str, data: str | None, tenant: str, as_json: bool) -> None:
    """List all identifiers of the profile that IDENTIFIER belongs to, with time and reason."""
    from dashboards.answers.identities import members
    from dashboards.terminal import views

    context = query_context(data, tenant)
    profile = context.resolve(identifier)
    found = members(context.client, context.scope, profile)
    views.show(views.identity_table(profile, found), found, as_json)


@identity.command("unlink")
@click.argument("identifier")
@click.argument("target", required=False)
@click.option("--undo", is_flag=True, help="Allow the claim again.")
@click.option("--yes", is_flag=True, help="Without a TARGET: do not ask for confirmation.")
@data_option
@tenant_option
@json_option
def unlink(
    identifier: str, target: str | None, undo: bool, yes: bool, data: str | None, tenant: str, as_json: bool
) -> None:
    """Separate IDENTIFIER from TARGET; the next earliest claim applies instead.

    Without TARGET, IDENTIFIER is separated from all others, after a confirmation.
    """
    settings = settings_here(data)
    to = _exact(identifier, settings)
    if target is None:
        if not (undo or yes):
            _confirm(to)
        target = "*"
    vetoed = target if target == "*" else f"{tenant}|{_exact(target, settings)}"
    _append(settings, Unlink(f"{tenant}|{to}", vetoed, now_ms(), not undo))
    name = "any other identifier" if target == "*" else vetoed.partition("|")[2]
    sentence = f"From now on, {to} {'may belong' if undo else 'does not belong'} to {name}."
    result = {"identifier": to, "target": "anybody" if target == "*" else name, "vetoed": not undo}
    echo(json.dumps(result) if as_json else sentence)


@identity.command("join")
@click.argument("customers", nargs=-1, required=True)
@click.option("--master", required=True, help="The master id that they share.")
@data_option
@tenant_option
@json_option
def join(customers: tuple[str, ...], master: str, data: str | None, tenant: str, as_json: bool) -> None:
    """Join CUSTOMERS into one profile: the master id claims each of them."""
    settings = settings_here(data)
    to = _exact(f"master_id:{master}", settings)
    weaker = tuple(f"{tenant}|{_exact(one, settings)}" for one in customers)
    if violation := Precedence(settings.identifiers).find_violation(f"{tenant}|{to}", weaker):
        raise CliError(f"{violation}.".replace(f"{tenant}|", ""), code=2)
    _append(settings, Claim(f"{tenant}|{to}", weaker, now_ms()))
    claimed = [one.partition("|")[2] for one in weaker]
    echo(json.dumps({"master": to, "claims": claimed}) if as_json else f"{to} now claims {', '.join(claimed)}.")


def _confirm(identifier: str) -> None:
    """Ask for confirmation. Raises CliError without a terminal, and click's Abort if the answer is no."""
    if sys.stdin is None or not sys.stdin.isatty():
        raise CliError(
            f"Without a TARGET, {identifier} would be separated from all other identifiers: give the TARGET, or add "
            "--yes.",
            code=2,
        )
    click.confirm(
        escape_unprintable(f"This separates {identifier} from all other identifiers, whichever claims it. Continue?"),
        abort=True,
        err=True,
    )


def _exact(text: str, settings: Settings) -> str:
    """Return an identifier as `namespace:value`. Raises CliError if its namespace is not clear."""
    candidates = read_identifier(text, settings.phone_region, settings.identifiers)
    if not candidates:
        why = explain_refusal(text, settings.phone_region, settings.identifiers)
        raise CliError(f"{text!r} is not an identifier: {why}.", code=2)
    if len(candidates) > 1 and not candidates[0].startswith("email:"):
        raise CliError(f"{text!r} may be {' or '.join(candidates)}: write it as namespace:value.", code=2)
    return candidates[0]


def _append(settings: Settings, record: Claim | Unlink) -> None:
    topics = topics_of(settings)
    key = record.to.encode()
    try:
        producer = KafkaProducer(bootstrap_servers=need_kafka(settings), acks="all")
        producer.send(
            topics.activity,
            key=key,
            value=encode_record(record),
            partition=partition_of(key, topics.activity_partitions),
        ).get(timeout=30)
        producer.close()
    except KafkaError as error:
        raise CliError(
            f"Kafka at {settings.kafka} did not acknowledge the record ({type(error).__name__}): {KAFKA_ADVICE}, then "
            "repeat the command."
        ) from error

"""`touchline identity`: whose an identifier is, and the two commands that change it. They travel on `activity` like any
record.
"""

import json
import sys

import click
from kafka import KafkaProducer
from kafka.errors import KafkaError

from dashboards.terminal.printable import escaped
from schemas.activity import encode_record
from schemas.identifiers.identifier import read_identifier
from schemas.identity_messages import Claim, Unlink
from streams.identity.precedence import Precedence
from streams.records import partition_of
from touchline.cli.command_group import SuggestingGroup
from touchline.cli.echo import echo
from touchline.cli.options import data_option, json_option, tenant_option
from touchline.errors import CliError
from touchline.local.discovery import need_kafka, settings_here
from touchline.ops.query_context import now_ms, query_context
from touchline.settings import Settings
from touchline.worker.stages import topics_of


@click.group(cls=SuggestingGroup)
def identity() -> None:
    """Who belongs to whom."""


@identity.command("show")
@click.argument("identifier")
@data_option
@tenant_option
@json_option
def show(identifier: str, data: str | None, tenant: str, as_json: bool) -> None:
    """Every identifier of the profile that IDENTIFIER belongs to, since when and why."""
    from dashboards.answers.identities import members
    from dashboards.terminal import views

    context = query_context(data, tenant)
    profile = context.resolve(identifier)
    found = members(context.client, context.scope, profile)
    views.show(views.identity_table(profile, found), found, as_json)


@identity.command("unlink")
@click.argument("identifier")
@click.argument("target", required=False)
@click.option("--undo", is_flag=True, help="Let the claim hold again.")
@click.option("--yes", is_flag=True, help="Without a TARGET: do not ask first.")
@data_option
@tenant_option
@json_option
def unlink(
    identifier: str, target: str | None, undo: bool, yes: bool, data: str | None, tenant: str, as_json: bool
) -> None:
    """IDENTIFIER does not belong to TARGET; the next earliest claim holds instead. Without TARGET it belongs to no
    other identifier, and you are asked first.
    """
    settings = settings_here(data)
    to = _exact(identifier, settings)
    if target is None:
        if not (undo or yes):
            _confirm(to)
        target = "*"
    who = target if target == "*" else f"{tenant}|{_exact(target, settings)}"
    _append(settings, Unlink(f"{tenant}|{to}", who, now_ms(), not undo))
    whom = "anybody" if target == "*" else who.partition("|")[2]
    said = f"{to} {'may belong to' if undo else 'does not belong to'} {whom} from now on."
    echo(json.dumps({"identifier": to, "target": whom, "vetoed": not undo}) if as_json else said)


@identity.command("join")
@click.argument("customers", nargs=-1, required=True)
@click.option("--master", required=True, help="The master id that they share from now on.")
@data_option
@tenant_option
@json_option
def join(customers: tuple[str, ...], master: str, data: str | None, tenant: str, as_json: bool) -> None:
    """CUSTOMERS are one: the master id claims each of them."""
    settings = settings_here(data)
    to = _exact(f"master_id:{master}", settings)
    weaker = tuple(f"{tenant}|{_exact(one, settings)}" for one in customers)
    if against := Precedence(settings.identifiers).find_violation(f"{tenant}|{to}", weaker):
        raise CliError(f"{against}.".replace(f"{tenant}|", ""), code=2)
    _append(settings, Claim(f"{tenant}|{to}", weaker, now_ms()))
    claimed = [one.partition("|")[2] for one in weaker]
    echo(json.dumps({"master": to, "claims": claimed}) if as_json else f"{to} claims {', '.join(claimed)}.")


def _confirm(identifier: str) -> None:
    """Ask for confirmation. Raises CliError if standard input is not a terminal, and click's Abort for a no."""
    if sys.stdin is None or not sys.stdin.isatty():
        raise CliError(
            f"Without a TARGET, {identifier} would belong to no other identifier from now on: "
            "name the TARGET, or add --yes.",
            code=2,
        )
    click.confirm(
        escaped(f"{identifier} belongs to no other identifier from now on, whichever claims it. Continue?"),
        abort=True,
        err=True,
    )


def _exact(text: str, settings: Settings) -> str:
    """`namespace:value` of an identifier that names its namespace, or can only be of one."""
    candidates = read_identifier(text, settings.phone_region, settings.identifiers)
    if not candidates:
        raise CliError(
            f"{text!r} is no identifier: write it as namespace:value, such as email:ada@example.com.", code=2
        )
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
        raise CliError(f"Kafka at {settings.kafka} did not take it ({type(error).__name__}): is it running?") from error

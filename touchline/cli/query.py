"""`touchline profile`, `timeline`, `consent`, `top`, `explain`, `audit`: queries of stored profiles and touches."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

import click

from dashboards.answers.audit import Audit
from dashboards.terminal.consoles import progress_bar
from schemas.channels import CHANNELS
from touchline.cli.echo import echo
from touchline.cli.options import data_option, json_option, tenant_option
from touchline.errors import CliError
from touchline.ops.query_context import QueryContext, query_context


def _identifier_options(command: Callable[..., None]) -> Callable[..., None]:
    for option in (json_option, tenant_option, data_option, click.argument("identifier")):
        command = option(command)
    return command


@click.command()
@_identifier_options
def profile(identifier: str, data: str | None, tenant: str, as_json: bool) -> None:
    """Show the profile of IDENTIFIER: who it is and its score now."""
    from dashboards.answers import profile as profiles
    from dashboards.terminal import views

    context = query_context(data, tenant)
    found = profiles.profile(
        context.client,
        context.scope,
        context.resolve(identifier),
        at_ms=context.at_ms,
        half_life_ms=context.half_life_ms,
    )
    if found is None:
        raise context.not_stored_yet(identifier)
    views.show(views.profile_panel(found), found, as_json)


@click.command()
@_identifier_options
@click.option("--limit", default=50, show_default=True, type=click.IntRange(min=1))
def timeline(identifier: str, limit: int, data: str | None, tenant: str, as_json: bool) -> None:
    """List what IDENTIFIER did, newest first."""
    from dashboards.answers import timeline as timelines
    from dashboards.terminal import views

    context = query_context(data, tenant)
    found = timelines.timeline(context.client, context.scope, context.resolve(identifier), limit=limit)
    views.show(views.timeline_table(found), found, as_json)


@click.command()
@_identifier_options
def consent(identifier: str, data: str | None, tenant: str, as_json: bool) -> None:
    """List what IDENTIFIER agrees to now, by purpose."""
    from dashboards.answers import consent as decisions
    from dashboards.terminal import views

    context = query_context(data, tenant)
    found = decisions.consent(context.client, context.scope, context.resolve(identifier))
    views.show(views.consent_table(found), found, as_json)


@click.command()
@click.option("--channel", type=click.Choice(sorted(CHANNELS)), help="Rank by the score of one channel.")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(min=1))
@data_option
@tenant_option
@json_option
def top(channel: str | None, limit: int, data: str | None, tenant: str, as_json: bool) -> None:
    """List the customers with the highest scores now."""
    from dashboards.answers import top as tops
    from dashboards.terminal import views

    context = query_context(data, tenant)
    found = tops.top(
        context.client,
        context.scope,
        at_ms=context.at_ms,
        half_life_ms=context.half_life_ms,
        limit=limit,
        channel=channel or "",
    )
    if not found:
        context.check_tenant()
    views.show(views.top_table(found), found, as_json)


@click.command()
@_identifier_options
@click.option(
    "--limit",
    default=20,
    show_default=True,
    type=click.IntRange(min=1),
    help="Maximum number of touches listed; the score includes all.",
)
def explain(identifier: str, limit: int, data: str | None, tenant: str, as_json: bool) -> None:
    """Explain the score of IDENTIFIER touch by touch."""
    from dashboards.answers import explain as explaining
    from dashboards.terminal import views

    context = query_context(data, tenant)
    found = explaining.explain(
        context.client,
        context.scope,
        context.resolve(identifier),
        at_ms=context.at_ms,
        half_life_ms=context.half_life_ms,
        limit=limit,
    )
    views.show(views.explain_panel(found), found, as_json)


@click.command()
@click.option("--sample", default=0, type=click.IntRange(min=0), help="Check this many profiles instead of all.")
@click.option("--metrics", type=click.Path(), help="Also write the result to this file, as metrics for Prometheus.")
@data_option
@tenant_option
@json_option
def audit(sample: int, metrics: str | None, data: str | None, tenant: str, as_json: bool) -> None:
    """Recompute scores, counts and sessions from the stored touches, and compare. Exit code 1 if anything differs."""
    from dashboards.terminal import views
    from touchline.ops.audit_record import record_audit

    context = query_context(data, tenant)
    started_s = time.time()
    found = _run_audit(context, sample)
    if not (found.profiles or found.touches):
        context.check_tenant()
    if metrics is not None:
        _write_metrics(metrics, found, tenant)
    problem = record_audit(context.settings.clickhouse, found, tenant, started_s, time.time())
    if problem:
        echo(f"The page Pipeline will not show this audit, because ClickHouse did not record it: {problem}", err=True)
    views.show(views.audit_panel(found), found, as_json)
    sys.exit(0 if found.ok else 1)


def _write_metrics(path: str, found: Audit, tenant: str) -> None:
    from touchline.ops.audit_metrics import audit_metrics, write_metrics

    try:
        write_metrics(Path(path), audit_metrics(found, tenant, time.time()))
    except OSError as error:
        raise CliError(f"The metrics could not be written to {path}: {error.strerror}.", code=74) from error


def _run_audit(context: QueryContext, sample: int) -> Audit:
    with progress_bar() as bar:
        task = bar.add_task("audit")
        return context.audit(
            sample, lambda what, done, of: bar.update(task, description=what, completed=done, total=of)
        )

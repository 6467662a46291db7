"""Queries of a database and their views on a console of 100 columns."""

from io import StringIO

from rich.console import Console, RenderableType

from dashboards.answers.audit import audit
from dashboards.answers.quarantine import refused
from dashboards.answers.scope import Scope
from dashboards.answers.top import top
from dashboards.terminal import views
from sinks.clickhouse.client import Client
from tests.dashboards.journey import HALF_LIFE_MS
from tests.dashboards.people import END_MS

MAIN = Scope()
Asked = tuple[RenderableType, object]


def ask_top(client: Client) -> Asked:
    found = top(client, MAIN, at_ms=END_MS, half_life_ms=HALF_LIFE_MS)
    return views.top_table(found), found


def ask_audit(client: Client) -> Asked:
    found = audit(client, MAIN, half_life_ms=HALF_LIFE_MS)
    return views.audit_panel(found), found


def ask_quarantine(client: Client) -> Asked:
    found = refused(client)
    return views.quarantine_table(found), found


def shown(drawn: RenderableType, value: object = None, as_json: bool = False) -> str:
    out = StringIO()
    console = Console(file=out, width=views.COLUMNS, highlight=False)
    views.show(drawn, value, as_json, console)
    return out.getvalue()

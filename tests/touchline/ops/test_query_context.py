"""Tenants in the context of a query."""

from collections.abc import Callable

import pytest

from sinks.clickhouse.client import Address, Client, connect
from touchline.errors import CliError
from touchline.ops.query_context import QueryContext, context_with
from touchline.settings import read_settings


@pytest.fixture
def client(new_database: Callable[..., Address]) -> Client:
    return connect(new_database(), "write")


def question(client: Client, tenant: str) -> QueryContext:
    return context_with(read_settings(), client, tenant)


def test_unknown_tenant_is_an_error(client: Client) -> None:
    for tenant in ("shop", "main", "shop"):
        client.command(f"INSERT INTO profiles (tenant, identifier, touches) VALUES ('{tenant}', 'customer_id:1', 1)")
    with pytest.raises(CliError, match=r"^There is no tenant 'shpo'; tenants are main, shop\.$") as trouble:
        question(client, "shpo").resolve("ada@example.org")
    assert trouble.value.code == 1
    with pytest.raises(CliError, match=r"^There is no identifier 'ada@example\.org'\.$"):
        question(client, "shop").resolve("ada@example.org")


def test_empty_store_reports_no_unknown_tenant(client: Client) -> None:
    question(client, "shpo").check_tenant()
    with pytest.raises(CliError, match="There is no identifier '42'"):
        question(client, "shpo").resolve("42")

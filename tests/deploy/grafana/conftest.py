"""A database with the demo's rows, for a user that may only read."""

from dataclasses import replace

import pytest

from sinks.clickhouse.client import Address, Client, connect, connect_server
from sinks.clickhouse.migrations import migrate
from tests.deploy.grafana.demo_rows import fill


@pytest.fixture(scope="session")
def grafana_address(clickhouse: Address) -> Address:
    """Return the reader's address of the filled database."""
    here = replace(clickhouse, database="grafana")
    migrate(connect_server(here), here.database)
    fill(connect(here, "write"))
    return replace(here, user="reader", password="r")


@pytest.fixture(scope="session")
def grafana_reader(grafana_address: Address) -> Client:
    return connect(grafana_address, "read")

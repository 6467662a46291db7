"""Looks are stored before they are answered, and not answered if they are not."""

from dataclasses import replace

import pytest

from dashboards.api.problem import ProblemError
from dashboards.api.security.roles import Viewer
from deploy.ports import free_port
from sinks.clickhouse.client import Address, connect, connect_server
from sinks.clickhouse.migrations import migrate
from touchline.api.looks import LookRecorder

VIEWER = Viewer("support", "t1", "acme")


async def test_a_look_is_a_row(clickhouse: Address) -> None:
    here = replace(clickhouse, database="looks")
    migrate(connect_server(here), here.database)
    record = LookRecorder(here)
    await record(VIEWER, "email:a'b@example.org", 1_764_547_200_123)
    await record(VIEWER, "phone:+4930901820", 1_764_547_200_124)
    client = connect(here, "write")
    found = client.query(
        "SELECT toUnixTimestamp64Milli(at), tenant, token_id, role, profile FROM lookups ORDER BY at"
    ).result_rows
    assert found == [
        (1_764_547_200_123, "acme", "t1", "support", "email:a'b@example.org"),
        (1_764_547_200_124, "acme", "t1", "support", "phone:+4930901820"),
    ]
    client.command("DROP DATABASE looks")
    client.close()


async def test_a_look_that_cannot_be_stored_is_a_problem() -> None:
    with pytest.raises(ProblemError) as failed:
        await LookRecorder(Address("127.0.0.1", free_port(), "looks"))(VIEWER, "email:a@b.example", 1)
    assert (failed.value.status, failed.value.kind) == (503, "looks-not-recorded")

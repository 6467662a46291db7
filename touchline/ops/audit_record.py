"""The record of an audit: a row of the table `audits`, which the page of the pipeline shows."""

from typing import Final

import msgspec
from clickhouse_connect.driver.exceptions import ClickHouseError

from dashboards.answers.audit import Audit
from sinks.clickhouse.client import StoreUnavailableError, connect, parse_address

COLUMNS: Final = (
    "started_at", "finished_at", "tenant", "sampled", "profiles", "touches", "sessions", "differences", "drift",
)  # fmt: skip


def record_audit(address: str, found: Audit, tenant: str, started_s: float, finished_s: float) -> str:
    """Insert the row at an address of ClickHouse. Return '', or why it could not be: an audit itself only reads."""
    differences = sum(one.count for one in (found.wrong, found.orphans, found.repeats, found.rollups, found.page_times))
    values = (
        started_s, finished_s, tenant, found.sampled, found.profiles, found.touches, found.sessions, differences,
        found.drift,
    )  # fmt: skip
    row = msgspec.json.encode(dict(zip(COLUMNS, values, strict=True)))
    try:
        client = connect(parse_address(address), "write")
        try:
            client.raw_insert("audits", COLUMNS, row, fmt="JSONEachRow")
        finally:
            client.close()
    except (ClickHouseError, StoreUnavailableError, ValueError, OSError) as error:
        return str(error).partition("\n")[0]
    return ""

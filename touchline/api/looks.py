"""Looks at customers, recorded in the table `lookups` by the address of ClickHouse that may write."""

import asyncio
from dataclasses import dataclass, field
from threading import Lock

import msgspec
from clickhouse_connect.driver.exceptions import ClickHouseError

from dashboards.api.problem import ProblemError
from dashboards.api.reader.failures import RETRY_S
from dashboards.api.security.roles import Viewer
from sinks.clickhouse.client import Address, Client, StoreUnavailableError, connect

COLUMNS = ("at", "tenant", "token_id", "role", "profile")


@dataclass(slots=True)
class LookRecorder:
    """A `RecordLook`. Connects at the first look, and writes one look at a time."""

    address: Address
    _client: Client | None = None
    _one_at_a_time: Lock = field(default_factory=Lock)

    async def __call__(self, viewer: Viewer, profile: str, at_ms: int) -> None:
        """Return once the look is stored. Raises ProblemError if it cannot be."""
        try:
            await asyncio.to_thread(self._write, viewer, profile, at_ms)
        except (ClickHouseError, StoreUnavailableError, OSError) as error:
            detail = "ClickHouse does not take the record of this look, and without it nothing is shown."
            raise ProblemError(
                503, "looks-not-recorded", "The look cannot be recorded", detail, retry_s=RETRY_S
            ) from error

    def _write(self, viewer: Viewer, profile: str, at_ms: int) -> None:
        values = (at_ms / 1000, viewer.tenant, viewer.token_id, viewer.role, profile)
        row = msgspec.json.encode(dict(zip(COLUMNS, values, strict=True)))
        with self._one_at_a_time:
            if self._client is None:
                self._client = connect(self.address, "write")
            self._client.raw_insert("lookups", COLUMNS, row, fmt="JSONEachRow")

"""Audits that were run: when, over what, and with which result."""

from dataclasses import dataclass

from dashboards.answers.run_query import Client, read
from dashboards.answers.scope import Scope


@dataclass(frozen=True, slots=True)
class AuditRecord:
    """A run of `touchline audit`. `differences`: findings of all kinds; `drift` as in `Audit`."""

    started_ms: int
    finished_ms: int
    sampled: bool
    profiles: int
    touches: int
    sessions: int
    differences: int
    drift: float


def audit_records(client: Client, scope: Scope, *, limit: int = 20) -> list[AuditRecord]:
    """Return the last audits, newest first. Those that ran with an address that only reads are not recorded."""
    return [AuditRecord(**row) for row in read(client, "audits", tenant=scope.tenant, limit=limit)]

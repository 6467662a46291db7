"""Recorded audits, newest first, of one tenant."""

from dashboards.answers.audit_records import AuditRecord, audit_records
from dashboards.answers.scope import Scope
from tests.dashboards.conftest import Place

RECORD = AuditRecord(1_796_130_000_000, 1_796_130_002_500, False, 40, 2_000, 90, 0, 1e-12)
COLUMNS = "started_at, finished_at, tenant, sampled, profiles, touches, sessions, differences, drift"


def test_records_are_of_the_tenant_and_the_newest_first(place: Place) -> None:
    assert audit_records(place.reader, Scope()) == []
    place.writer.command(
        f"INSERT INTO audits ({COLUMNS}) VALUES "
        "('2026-12-01 13:00:00', '2026-12-01 13:00:02.500', 'main', false, 40, 2000, 90, 0, 1e-12), "
        "('2026-12-01 14:00:00', '2026-12-01 14:00:01', 'main', true, 5, 100, 9, 2, 0.5), "
        "('2026-12-01 15:00:00', '2026-12-01 15:00:01', 'other', true, 5, 100, 9, 2, 0.5)"
    )
    found = audit_records(place.reader, Scope())
    assert found[1] == RECORD
    assert (found[0].sampled, found[0].differences) == (True, 2)
    assert audit_records(place.reader, Scope(), limit=1) == found[:1]

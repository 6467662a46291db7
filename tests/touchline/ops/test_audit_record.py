"""An audit is recorded where it may be, and says why where it may not."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from dashboards.answers.audit import Audit, Findings
from dashboards.answers.audit_records import AuditRecord, audit_records
from dashboards.answers.scope import Scope
from sinks.clickhouse.client import Address, connect
from touchline.ops.audit_record import record_audit

NONE = Findings()
AUDIT = Audit(True, 1e-12, False, 40, 2_000, 3, 90, NONE, (), NONE, NONE, NONE, NONE, NONE)


@pytest.fixture
def address(new_database: Callable[..., Address]) -> Address:
    return new_database()


def test_an_audit_is_a_row(address: Address, url: Callable[..., str]) -> None:
    wrong = replace(AUDIT, ok=False, sampled=True, wrong=Findings(2), rollups=Findings(1))
    assert record_audit(url(address), AUDIT, "acme", 1_796_130_000, 1_796_130_002.5) == ""
    assert record_audit(url(address), wrong, "acme", 1_796_140_000, 1_796_140_001) == ""
    assert audit_records(connect(address, "read"), Scope("acme")) == [
        AuditRecord(1_796_140_000_000, 1_796_140_001_000, True, 40, 2_000, 90, 3, 1e-12),
        AuditRecord(1_796_130_000_000, 1_796_130_002_500, False, 40, 2_000, 90, 0, 1e-12),
    ]


def test_a_reader_records_nothing_and_says_why(address: Address, url: Callable[..., str]) -> None:
    assert record_audit(url(address, "reader", "r"), AUDIT, "main", 1, 2)
    assert record_audit("nonsense", AUDIT, "main", 1, 2)
    assert audit_records(connect(address, "read"), Scope()) == []

"""The account of the demo."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import cast

import pytest

from sinks.clickhouse.client import Address, Client, connect
from sources.imports import Report
from touchline.demo.account import Account, take_account
from touchline.local.system import LocalSystem
from touchline.settings import Settings, read_settings

WHOLE = Account(
    read=5, emitted={"calls": 3}, skipped={"asset": 1}, rejected={"cut_short": 1}, duplicates=0, events=3,
    identifiers=2, profiles=1, sessions=1, lag=0, audit_drift=3e-13, audit_wrong=0, missing=0, seconds=1.0,
)  # fmt: skip


@dataclass
class Running:
    """The part of a local system that an account reads, without a worker."""

    reader_url: str
    settings: Settings


@pytest.fixture
def client(new_database: Callable[..., Address]) -> Client:
    return connect(new_database(), "write")


def account(client: Client, clickhouse: Address, **reports: Report) -> Account:
    """Return the account of these reports and the database."""
    url = f"http://reader:r@{clickhouse.host}:{clickhouse.port}/{client.database}"
    running = Running(url, read_settings(clickhouse=url, metrics_port=1))
    return take_account(cast(LocalSystem, running), reports, 0, 1.26)


def store(client: Client, offset: int) -> None:
    """Store a touch without an identifier."""
    client.command(
        "INSERT INTO events (tenant, channel, event_id, occurred_at, source_at) VALUES "
        f"('main', 'calls', 'id-{offset}', toDateTime64(1767225600, 3, 'UTC'), toDateTime64(1767225600, 3, 'UTC'))"
    )


def refuse(client: Client, offset: int) -> None:
    """Store a quarantined record."""
    client.command(
        "INSERT INTO quarantine (raw_topic, raw_partition, raw_offset, reason) "
        f"VALUES ('calls', 0, {offset}, 'no_zone')"
    )


@pytest.mark.parametrize(
    ("changed", "complete"),
    [
        ({}, True),
        ({"duplicates": 7}, True),
        ({"audit_drift": 1e-9}, True),
        ({"audit_drift": 2e-9}, False),
        ({"audit_drift": float("nan")}, False),
        ({"audit_wrong": 1}, False),
        ({"missing": 1}, False),
        ({"lag": 1}, False),
    ],
)
def test_account_is_complete_if_nothing_is_missing_or_wrong(changed: dict[str, float], complete: bool) -> None:
    found = replace(WHOLE, **changed)  # type: ignore[arg-type]
    assert found.complete == complete
    assert ("Everything is accounted for." in found.describe()) == complete


def test_every_line_is_emitted_skipped_or_rejected(client: Client, clickhouse: Address) -> None:
    lines = Report(read=9, skipped=Counter(asset=6), rejected=Counter(cut_short=2))
    assert account(client, clickhouse, log=lines).missing == 1
    assert account(client, clickhouse, log=replace(lines, read=8)).missing == 0


def test_every_touch_is_stored_or_refused_or_a_duplicate(client: Client, clickhouse: Address) -> None:
    report = Report(read=3, emitted=Counter(calls=3))
    store(client, 0)
    refuse(client, 1)
    found = account(client, clickhouse, log=report)
    assert (found.events, found.rejected, found.missing) == (1, {"no_zone": 1}, 1)
    store(client, 2)
    assert account(client, clickhouse, log=report).missing == 0


def test_reports_of_several_files_are_summed(client: Client, clickhouse: Address) -> None:
    one = Report(read=2, skipped=Counter(asset=2))
    other = Report(read=3, skipped=Counter(asset=1, error=2))
    found = account(client, clickhouse, one=one, other=other)
    assert (found.read, found.skipped, found.missing, found.seconds) == (5, {"asset": 3, "error": 2}, 0, 1.3)


def test_keys_of_the_json_output() -> None:
    assert list(WHOLE.as_dict()) == [
        "read", "emitted", "skipped", "rejected", "duplicates", "events", "identifiers", "profiles", "sessions", "lag",
        "audit_drift", "seconds",
    ]  # fmt: skip

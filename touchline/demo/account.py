"""The account of every line of the recordings: figures that must add up."""

from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any

from sinks.clickhouse.client import Client, connect, parse_address
from sources.imports import Report
from touchline.local.system import LocalSystem
from touchline.ops.metrics_scrape import samples_if_any
from touchline.ops.query_context import context_with


@dataclass(frozen=True, slots=True)
class Account:
    """The figures of one run.

    `rejected` counts refusals by importers and by intake; `lag` the records still waiting at the time limit. `missing`
    is the amount by which the figures do not add up, `audit_wrong` the findings of the audit without drift. Both must
    be 0.
    """

    read: int
    emitted: dict[str, int]
    skipped: dict[str, int]
    rejected: dict[str, int]
    duplicates: int
    events: int
    identifiers: int
    profiles: int
    sessions: int
    lag: int
    audit_drift: float
    audit_wrong: int
    missing: int
    seconds: float

    @property
    def complete(self) -> bool:
        """Whether nothing is missing or wrong."""
        return not (self.missing or self.lag or self.audit_wrong) and self.audit_drift <= 1e-9

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {name: value for name, value in asdict(self).items() if name not in ("missing", "audit_wrong")}

    def describe(self) -> str:
        """Return lines for a person."""
        lines = [f"{name:<14}{value}" for name, value in asdict(self).items()]
        return "\n".join(
            [*lines, "Everything is accounted for." if self.complete else "SOMETHING IS MISSING OR WRONG."]
        )


@dataclass(frozen=True, slots=True)
class Stored:
    """Counts of touches in `events` and of quarantined records by reason."""

    events: int
    refused: Counter[str]


NOTHING = Stored(0, Counter())


def read_counter(port: int, name: str, **labels: str) -> int:
    """Return the sum of a worker's counter over the series with these labels."""
    samples = samples_if_any(port)
    return sum(int(value) for found, given, value in samples if found == name and labels.items() <= given.items())


def _count(client: Client, query: str) -> int:
    return int(client.query(query).result_rows[0][0])


def read_stored(client: Client) -> Stored:
    """Count what ClickHouse holds now."""
    rows = client.query("SELECT reason, count() FROM quarantine FINAL WHERE NOT sent_again GROUP BY reason").result_rows
    return Stored(_count(client, "SELECT count() FROM events FINAL"), Counter(dict(rows)))


def take_account(
    system: LocalSystem, reports: dict[str, Report], lag: int, seconds: float, before: Stored = NOTHING
) -> Account:
    """Compare what was sent with what ClickHouse has gained since `before`."""
    client = connect(parse_address(system.reader_url), "read")
    port = system.settings.metrics_port
    emitted: Counter[str] = Counter()
    skipped: Counter[str] = Counter()
    rejected: Counter[str] = Counter()
    for report in reports.values():
        emitted += report.emitted
        skipped += report.skipped
        rejected += report.rejected
    stored = read_stored(client)
    refused = stored.refused - before.refused
    read = sum(report.read for report in reports.values())
    duplicates = read_counter(port, "touchline_touches_total", result="duplicate")
    audit = context_with(system.settings, client).audit()
    return Account(
        read=read,
        emitted=dict(emitted),
        skipped=dict(skipped),
        rejected=dict(rejected + refused),
        duplicates=duplicates,
        events=stored.events,
        identifiers=_count(client, "SELECT count() FROM identities FINAL"),
        profiles=_count(client, "SELECT count() FROM profiles FINAL WHERE parent = ''"),
        sessions=_count(client, "SELECT count() FROM sessions"),
        lag=lag,
        audit_drift=audit.drift,
        audit_wrong=sum(
            found.count for found in (audit.wrong, audit.orphans, audit.repeats, audit.rollups, audit.page_times)
        ),
        missing=abs(read - emitted.total() - skipped.total() - rejected.total())
        + abs(emitted.total() - (stored.events - before.events) - duplicates - refused.total()),
        seconds=round(seconds, 1),
    )

"""The result of an audit as metrics: a file for the textfile collector of Prometheus's node_exporter.

An audit takes too long to be run whenever Prometheus asks, and is a command of its own, not a part of a worker.
"""

import os
from pathlib import Path
from typing import Final

from prometheus_client import CollectorRegistry, Gauge, generate_latest

from dashboards.answers.audit import Audit

GAUGES: Final = (
    ("touchline_audit_differences", ("tenant", "kind"), "Findings of the last audit, by kind."),
    ("touchline_audit_drift", ("tenant",), "Largest relative difference of a score."),
    ("touchline_audit_finished_seconds", ("tenant",), "When the last audit ended, in seconds since 1970."),
)
"""Name, labels and help text of each metric."""


def audit_metrics(found: Audit, tenant: str, finished_s: float) -> bytes:
    """Return the metrics in Prometheus's text format."""
    registry = CollectorRegistry()
    differences, drift, finished = (Gauge(name, text, labels, registry=registry) for name, labels, text in GAUGES)
    counts = {
        "profiles": found.wrong,
        "orphans": found.orphans,
        "repeats": found.repeats,
        "rollups": found.rollups,
        "page_times": found.page_times,
    }
    for kind, findings in counts.items():
        differences.labels(tenant, kind).set(findings.count)
    drift.labels(tenant).set(found.drift)
    finished.labels(tenant).set(finished_s)
    return generate_latest(registry)


def write_metrics(path: Path, metrics: bytes) -> None:
    """Replace the file at once, readable by all: the exporter is another user, and the figures name nobody.

    Raises OSError.
    """
    temporary = path.with_name(f".{path.name}.new")
    with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644), "wb") as file:
        os.fchmod(file.fileno(), 0o644)
        file.write(metrics)
    temporary.replace(path)

"""The metrics that workers, collectors, the API and audits serve, with their labels, and what an expression names."""

import re
from typing import Final

from tests.docs.pages import entries

# A test compares this page with the code.
PAGE: Final = "docs/metrics.md"
_METRIC: Final = re.compile(r"\b(touchline_\w+)")
_LABELS: Final = re.compile(r"\bby \(([^)]*)\)|(\w+)\s*(?:=~|!~|!=|=)\s*\"")
# What Prometheus itself adds to each target.
_ADDED: Final = frozenset({"le", "instance", "job"})


def served() -> dict[str, frozenset[str]]:
    """Return the labels of each name that can be queried."""
    found: dict[str, frozenset[str]] = {}
    for name, (facts, _) in entries(PAGE, "touchline_").items():
        kind, _, labels = facts.partition(";")
        ends = ("_bucket", "_sum", "_count") if kind == "histogram" else ("",)
        found |= {f"{name}{end}": frozenset(re.findall(r"`(\w+)`", labels)) for end in ends}
    return found


def check_names(expression: str) -> None:
    """Assert that each metric of a PromQL expression is served, and each label is one of theirs."""
    known = served()
    names = set(_METRIC.findall(expression))
    assert names, expression
    assert names <= known.keys(), names - known.keys()
    grouped = [one or other for one, other in _LABELS.findall(expression)]
    labels = {label.strip() for group in grouped for label in group.split(",")}
    assert labels - _ADDED <= frozenset().union(*(known[name] for name in names)), labels

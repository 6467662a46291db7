"""Recomputing aggregates while touches are being stored."""

from dashboards.answers.audit_recount import recount
from dashboards.answers.run_query import read
from schemas.touch import SESSION_GAP_MS
from sinks.clickhouse.client import Client
from tests.dashboards.journey import HALF_LIFE_MS

VALUES = {
    "tenant": "main", "half_life_ms": HALF_LIFE_MS, "gap_ms": SESSION_GAP_MS, "slices": 1, "slice": 0, "limit": 10,
    "profiles": [], "all": True, "folded_ids": [],
}  # fmt: skip


def test_profile_created_after_the_names_were_read_is_left_out(lived: Client) -> None:
    """The audit reads while touches are being stored."""
    names = sorted({row["profile"] for row in read(lived, "audit_owners", **VALUES)})
    known = dict.fromkeys(names[1:], 1)
    found = recount(lived, VALUES, known)
    assert found.keys() == known.keys()
    assert any(one.touches for one in found.values())

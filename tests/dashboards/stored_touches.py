"""Touches with chosen columns, stored as the store does it, with their rollups."""

import itertools
from collections.abc import Sequence

from schemas.blocks import compress_rows
from sinks.clickhouse.client import Client
from sinks.store.insert import insert_frames, insert_touches
from tests.sinks.sample_blocks import make_event, make_row

NOON_MS = 1_790_596_800_000  # Monday, 28 September 2026, 12:00 UTC
HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
_offsets = itertools.count()


def store_touches(client: Client, *touches: dict[str, object]) -> None:
    """Store touches of the tenant `main`; those without `received_at` arrive when they occur."""
    rows = []
    for touch in touches:
        offset = next(_offsets)
        times = {"received_at": touch.get("occurred_at", NOON_MS), "occurred_at": NOON_MS}
        rows.append(make_event("main", 0, offset, **{"event_id": f"e{offset}", "lead_source": "", **times, **touch}))
    insert_touches(client, [compress_rows(rows)], f"touches before {next(_offsets)}")


def store_chain(client: Client, identifiers: Sequence[str]) -> None:
    """Store identities: each identifier is the parent of the next one, and the first is the profile."""
    rows = [
        make_row("identities", tenant="main", identifier=one, parent=above, activity_offset=next(_offsets))
        for above, one in itertools.pairwise(["", *identifiers])
    ]
    insert_frames(client, "identities", [compress_rows(rows)])

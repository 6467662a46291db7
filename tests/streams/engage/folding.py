"""Fold of a single batch, and its outcome by table and by identifier."""

from collections.abc import Mapping, Sequence

from msgspec import msgpack

from streams.engage.batch_fold import BatchFold, FoldOutcome
from streams.engage.dedupe import Dedupe, DedupeIndex
from streams.identity.ties import parent_of
from streams.profile.identifier_state import IdentifierState, decode_state, total_of
from streams.profile.summary import Summary
from tests.streams.engage.stage_checks import states_of
from tests.streams.engage.stage_scenarios import DAY_MS, scenario
from tests.streams.engage.stage_world import World
from tests.streams.engage.test_rows import read

FOLDING = scenario(0, "plain").fold_config
CRM, EMAIL = "main|customer_id:7", "main|email:b"
WINDOW_MS = 2 * DAY_MS


def roots_of(world: World) -> dict[str, Summary]:
    """Return the total of each profile by key."""
    found = states_of(world)
    return {key: total_of(state) for key, state in found.items() if parent_of(state.known_ties) is None}


def fold(
    records: Sequence[object],
    state: Mapping[str, IdentifierState] | None = None,
    index: DedupeIndex | None = None,
    first: int = 10,
) -> FoldOutcome:
    """Fold records at consecutive offsets from `first`."""
    values = {key.encode(): msgpack.encode(known) for key, known in (state or {}).items()}
    batch = BatchFold(3, values.get, Dedupe(index or DedupeIndex(), WINDOW_MS), FOLDING)
    for offset, record in enumerate(records, first):
        batch.fold(offset, record if isinstance(record, bytes) else msgpack.encode(record))
    return batch.finish()


def rows(outcome: FoldOutcome, table: str) -> list[dict[str, object]]:
    return [read(table, row) for _, row in outcome.rows.tables().get(table, [])]


def states(outcome: FoldOutcome) -> dict[str, IdentifierState]:
    return {key.decode(): decode_state(value) for key, value in outcome.states.items()}

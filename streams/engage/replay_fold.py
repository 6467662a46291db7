"""Replay of an activity partition from its first record: the same records give the same rows of `events`.

Nothing is written. The verdict on a touch depends on all records before it (streams.engage.dedupe), so a replay needs
the whole log, and is of no use for one that begins later.
"""

from collections.abc import Iterable

from streams.engage.batch_fold import BatchFold, FoldConfig
from streams.engage.dedupe import Dedupe
from streams.engage.dedupe_state import DedupeState, PendingChanges, Watermark
from streams.engage.rows import OffsetRow


class ReplayFold:
    """Folds one partition batch by batch. `unknown_namespaces`: those of ties that are not in the order."""

    def __init__(self, partition: int, config: FoldConfig, window_ms: int) -> None:
        self._partition = partition
        self._config = config
        self._window_ms = window_ms
        self._states: dict[bytes, bytes] = {}
        self._seen: dict[bytes, bytes] = {}
        self._dedupe_state = DedupeState(self._seen)
        self.unknown_namespaces: set[str] = set()

    def fold(self, records: Iterable[tuple[int, bytes]]) -> list[OffsetRow]:
        """Return the rows of `events` of consecutive records (offset, value)."""
        index = self._dedupe_state.index
        if forgetting := self._dedupe_state.forget_idle(self._window_ms, self._seen):
            self._keep(forgetting)
        dedupe = Dedupe(index, self._window_ms)
        batch = BatchFold(self._partition, self._states.get, dedupe, self._config)
        last = index.watermark
        for offset, value in records:
            batch.fold(offset, value)
            last = offset
        outcome = batch.finish()
        self.unknown_namespaces |= outcome.unknown_namespaces
        self._states |= outcome.states
        mark = Watermark(last, dedupe.clock_ms, self._config.half_life_ms, self._config.order)
        self._keep(self._dedupe_state.remember_batch(dedupe, mark, self._seen))
        return outcome.rows.events

    def _keep(self, pending: PendingChanges) -> None:
        for key, value in pending.changes.items():
            if value is None:
                self._seen.pop(key, None)
            else:
                self._seen[key] = value
        pending.apply()

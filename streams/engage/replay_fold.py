"""An activity partition folded once more, from its first record on: the same records come to the same rows of `events`.

Nothing is written anywhere. What becomes of a touch depends on the records before it alone
(streams/engage/dedupe.py), so this needs the whole log, and is of no use for one that begins later. Pure.
"""

from collections.abc import Iterable

from streams.engage.batch_fold import Batch, Folding
from streams.engage.dedupe import Dedupe
from streams.engage.dedupe_state import DedupeState, PendingChanges, Watermark
from streams.engage.rows import Fact


class Refold:
    """One partition, batch after batch. `unknown`: namespaces that came and are not in the order."""

    def __init__(self, partition: int, folding: Folding, window_ms: int) -> None:
        self._partition = partition
        self._folding = folding
        self._window_ms = window_ms
        self._states: dict[bytes, bytes] = {}
        self._seen: dict[bytes, bytes] = {}
        self._dedupe_state = DedupeState(self._seen)
        self.unknown: set[str] = set()

    def take(self, records: Iterable[tuple[int, bytes]]) -> list[Fact]:
        """The rows of `events` that consecutive records (offset, value) come to."""
        index = self._dedupe_state.index
        if forgetting := self._dedupe_state.forget_idle(self._window_ms, self._seen):
            self._keep(forgetting)
        dedupe = Dedupe(index, self._window_ms)
        fold = Batch(self._partition, self._states.get, dedupe, self._folding)
        last = index.watermark
        for offset, value in records:
            fold.take(offset, value)
            last = offset
        outcome = fold.finish()
        self.unknown |= outcome.unknown
        self._states |= outcome.states
        mark = Watermark(last, dedupe.clock_ms, self._folding.half_life_ms, self._folding.order)
        self._keep(self._dedupe_state.remember_batch(dedupe, mark, self._seen))
        return outcome.rows.events

    def _keep(self, pending: PendingChanges) -> None:
        for key, value in pending.changes.items():
            if value is None:
                self._seen.pop(key, None)
            else:
                self._seen[key] = value
        pending.apply()

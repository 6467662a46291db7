"""The cost of each step of engage in CPU microseconds per touch: `python -m tests.benchmarks.steps_engage`.

A day of touches is folded in batches as the stage folds them, without Kafka. `take`, `finish`, `messages` and
`remember` are the stage itself, in turn, and add up to `whole`. The other steps are parts of these, repeated alone on
the same batches; each step warms the caches for the next, so parts are lower bounds.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from time import process_time
from typing import Final

from schemas.activity import decode_record, encode_record
from schemas.rejected import Rejected
from schemas.time import DAY_MS
from schemas.touch import SESSION_GAP_MS, Touch
from streams.engage.batch_fold import BatchFold, FoldConfig, FoldOutcome
from streams.engage.dedupe import Dedupe, DedupeVerdict, bucket_of, digest_of
from streams.engage.dedupe_state import DedupeState, Watermark
from streams.engage.profile_message import encode_profile
from streams.engage.revisions import FIRST
from streams.engage.row_values import local_values
from streams.engage.rows import encode_identifier, event_row
from streams.engage.timeline_blocks import BatchSpan, cut_blocks
from streams.enrichment.pipeline import Lookups
from streams.identity.ties import TieLimits
from streams.intake.decoder import IntakeConfig, decode
from streams.profile.identifier_state import IdentifierState, decode_state, encode_state
from streams.profile.local_state import LocalState
from streams.profile.score import contribution
from streams.profile.sessions import Run, insert
from streams.profile.touch_fold import fold_touch
from streams.quarantine import RawRecord
from streams.records import partition_of
from tests.benchmarks.day import START_MS, generate_day
from touchline.worker.rules_file import read_rules

TOUCHES: Final = 40_000
SEED: Final = 4
TOUCHES_PER_CUSTOMER: Final = 3
PARTITIONS: Final = 4
BATCH: Final = 2000  # records, as a worker gets them on average at full load
WINDOW_MS: Final = 35 * DAY_MS
ORDER: Final = ("master_id", "customer_id", "crm", "email", "phone", "anonymous_id")


class _Partition:
    """One activity partition in a worker, and the costs of its batches."""

    def __init__(self, number: int, fold_config: FoldConfig, spent: dict[str, float]) -> None:
        self.number, self.fold_config, self._spent = number, fold_config, spent
        self.states: dict[bytes, bytes] = {}
        self.seen: dict[bytes, bytes] = {}
        self.dedupe_state = DedupeState({})

    def fold(self, first: int, values: Sequence[bytes]) -> None:
        """Fold one batch: first its parts alone, then the whole, which changes the state."""
        self._measure_parts(values)
        dedupe = Dedupe(self.dedupe_state.index, WINDOW_MS)
        batch = BatchFold(self.number, self.states.get, dedupe, self.fold_config)
        self._clock("take", lambda: _take(batch, first, values))
        outcome: list[FoldOutcome] = []
        self._clock("finish", lambda: outcome.append(batch.finish()))
        span = BatchSpan(self.number, first, first + len(values) - 1, 1)
        tables = outcome[0].rows.tables
        self._clock("messages", lambda: [list(cut_blocks(name, facts, span)) for name, facts in tables().items()])
        self.states |= outcome[0].states
        self._clock("remember", lambda: self._remember(dedupe, span.last))

    def _remember(self, dedupe: Dedupe, last: int) -> None:
        mark = Watermark(last, dedupe.clock_ms, self.fold_config.half_life_ms, self.fold_config.order)
        pending = self.dedupe_state.remember_batch(dedupe, mark, self.seen)
        self.seen |= {key: value for key, value in pending.changes.items() if value is not None}
        pending.apply()

    def _measure_parts(self, values: Sequence[bytes]) -> None:
        fold_config, memory = self.fold_config, self.dedupe_state.index
        records: list[object] = []
        self._clock("  decode", lambda: records.extend(decode_record(value) for value in values))
        touches = [record for record in records if isinstance(record, Touch) and record.ids]
        dedupe = Dedupe(memory, WINDOW_MS)
        self._clock("  dedupe", lambda: [_check_duplicate(dedupe, touch) for touch in touches])
        known = {touch.ids[0]: self.states.get(touch.ids[0].encode()) for touch in touches}
        nodes: dict[str, IdentifierState] = {}
        self._clock(
            "  state decode",
            lambda: nodes.update(
                (key, decode_state(value) if value else IdentifierState(-1, LocalState()))
                for key, value in known.items()
            ),
        )
        by_day: dict[tuple[str, int], list[Run]] = defaultdict(list)
        self._clock("  session", lambda: [_run(by_day, touch) for touch in touches])
        self._clock(
            "  score",
            lambda: [contribution(touch.weight, touch.occurred_at_ms, fold_config.half_life_ms) for touch in touches],
        )
        self._clock("  profile, with session and score", lambda: [self._count(nodes, touch) for touch in touches])
        names = {key: encode_identifier(key) for key in nodes}
        self._clock(
            "  event rows",
            lambda: [
                event_row(t.head, names[t.ids[0]], t.weight, False, False, FIRST, self.number, 1) for t in touches
            ],
        )
        self._clock("  changelog encode", lambda: [encode_state(node) for node in nodes.values()])
        self._clock(
            "  profiles topic",
            lambda: [encode_profile(names[key], local_values(one.local), 1) for key, one in nodes.items()],
        )

    def _count(self, nodes: dict[str, IdentifierState], touch: Touch) -> tuple[float, bool]:
        fold_config = self.fold_config
        return fold_touch(
            nodes[touch.ids[0]].local, touch, fold_config.half_life_ms, fold_config.late_days, fold_config.gap_ms
        )

    def _clock(self, step: str, work: Callable[[], object]) -> None:
        begun_s = process_time()
        work()
        self._spent[step] = self._spent.get(step, 0.0) + process_time() - begun_s


def _take(batch: BatchFold, first: int, values: Sequence[bytes]) -> None:
    for offset, value in enumerate(values, first):
        batch.fold(offset, value)


def _check_duplicate(dedupe: Dedupe, touch: Touch) -> DedupeVerdict:
    bucket, digest = bucket_of(touch.channel, touch.source_at_ms), digest_of(touch.ids[0], touch.event_id)
    return dedupe.judge(bucket, digest, touch.received_at_ms)


def _run(by_day: dict[tuple[str, int], list[Run]], touch: Touch) -> list[Run]:
    day, at_ms = divmod(touch.occurred_at_ms, DAY_MS)
    runs = by_day[touch.ids[0], day]
    insert(runs, at_ms, touch.event_id, touch.page, touch.source, SESSION_GAP_MS)
    return runs


def _activity(touches: int) -> tuple[FoldConfig, list[list[bytes]]]:
    """Return the records of each partition, as intake produces them from a day."""
    rules = read_rules(None)
    config = IntakeConfig(rules, ORDER, "US", 36 * 31 * DAY_MS, 262_144, Lookups(None))
    logs: list[list[bytes]] = [[] for _ in range(PARTITIONS)]
    for number, message in enumerate(generate_day(touches, SEED, touches // TOUCHES_PER_CUSTOMER)):
        received_at_ms = START_MS + DAY_MS * number // touches
        raw = RawRecord(message.channel, message.channel, 0, number, received_at_ms, message.value)
        touch = decode(raw, config)
        if not isinstance(touch, Rejected):
            key = touch.ids[0] if touch.ids else touch.event_id
            logs[partition_of(key.encode(), PARTITIONS)].append(encode_record(touch))
    return FoldConfig(rules.half_life_ms, rules.late_days, SESSION_GAP_MS, TieLimits(), ORDER), logs


def engage_steps(touches: int = TOUCHES) -> dict[str, float]:
    """Return CPU microseconds per touch by step; identity messages are not processed."""
    fold_config, logs = _activity(touches)
    spent: dict[str, float] = {}
    for number, log in enumerate(logs):
        partition = _Partition(number, fold_config, spent)
        for first in range(0, len(log), BATCH):
            partition.fold(first, log[first : first + BATCH])
    folded = sum(map(len, logs))
    steps = {step: seconds / folded * 1e6 for step, seconds in spent.items()}
    whole = sum(us for step, us in steps.items() if not step.startswith(" "))
    return {"whole": whole} | dict(sorted(steps.items(), key=lambda step: step[0].startswith(" ")))


if __name__ == "__main__":
    print(json.dumps({step: round(us, 2) for step, us in engage_steps().items()}, indent=2))

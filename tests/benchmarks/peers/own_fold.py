"""Touchline's pure functions as a stream processor with state by key calls them: decoding, and the fold of one key.

The key is an identifier, since a record changes the state of one identifier only. Touchline folds all identifiers of a
partition in one batch; here each has a batch of its own, of the records that the processor hands over together. What
the fold sends to other identifiers goes through a topic, as in Touchline.
"""

from collections.abc import Callable, Collection, Sequence
from typing import Any, Final, NamedTuple

from schemas.activity import encode_record
from schemas.rejected import Rejected
from schemas.touch import SESSION_GAP_MS
from streams.engage.batch_fold import BatchFold, FoldConfig, FoldOutcome
from streams.engage.dedupe import DedupeVerdict
from streams.enrichment.pipeline import Lookups
from streams.identity.ties import TieLimits
from streams.intake.column_cache import IdentifierReader
from streams.intake.decoder import IntakeConfig, decode, key_of
from streams.intake.fast_path import FastPath, place_of
from streams.quarantine import RawRecord
from touchline.settings import Settings
from touchline.worker.rules_file import read_rules

_SETTINGS: Final = Settings(phone_region="DE")  # as the benchmark's own workers have it
_RULES: Final = read_rules(None)
_INTAKE: Final = IntakeConfig(
    rules=_RULES,
    order=_SETTINGS.identifiers,
    region=_SETTINGS.phone_region,
    retention_ms=_SETTINGS.retention_ms,
    largest_bytes=_SETTINGS.largest_kb * 1024,
    lookups=Lookups(None),
)
_FOLD: Final = FoldConfig(
    half_life_ms=_RULES.half_life_ms,
    late_days=_RULES.late_days,
    gap_ms=SESSION_GAP_MS,
    limits=TieLimits(targets=_SETTINGS.targets, links=_SETTINGS.links),
    order=_SETTINGS.identifiers,
)


class Decoder:
    """Decoding and validation of the messages of one raw topic."""

    def __init__(self, channel: str, topic: str) -> None:
        self._channel = channel
        self._topic = topic
        self._path = FastPath(channel, _INTAKE, IdentifierReader(_INTAKE.order, _INTAKE.region))
        self._places: dict[int, Any] = {}

    def read(self, value: bytes | None, partition: int, offset: int, received_at_ms: int) -> tuple[bytes, bytes] | None:
        """Return the key and the encoded touch of a message; None means refused."""
        place = self._places.get(partition) or self._places.setdefault(partition, place_of(self._topic, partition))
        found = self._path.read(value, offset, received_at_ms, place)
        if found is not None:
            return found
        record = decode(RawRecord(self._channel, self._topic, partition, offset, received_at_ms, value), _INTAKE)
        return None if isinstance(record, Rejected) else (key_of(record), encode_record(record))


class _KeyedDedupe:
    """Deduplication in a processor's state by key, in place of `streams.engage.dedupe.Dedupe`: it forgets no id."""

    def __init__(self, is_known: Callable[[bytes], bool]) -> None:
        self._is_known = is_known
        self.new_ids: set[bytes] = set()

    def judge(self, bucket: str, digest: bytes, received_at_ms: int) -> DedupeVerdict:
        """Return the verdict on a touch of this key."""
        if digest in self.new_ids or self._is_known(digest):
            return DedupeVerdict.DUPLICATE
        self.new_ids.add(digest)
        return DedupeVerdict.NEW

    judge_any_day = judge


class Folded(NamedTuple):
    """What a fold changes and sends. `messages` are (key, encoded record), `profiles` (key, JSON or None)."""

    state: bytes | None  # of the key; None if it did not change
    new_ids: Collection[bytes]
    duplicates: int
    rows: dict[str, list[bytes]]  # by table
    messages: list[tuple[bytes, bytes]]
    profiles: list[tuple[bytes, bytes | None]]


def fold(
    key: bytes, state: bytes | None, is_known: Callable[[bytes], bool], partition: int,
    records: Sequence[tuple[int, bytes]],
) -> Folded:  # fmt: skip
    """Fold the records (offset, value) of one key over its state. Offsets must grow."""
    dedupe: Any = _KeyedDedupe(is_known)
    batch = BatchFold(partition, {key: state}.get, dedupe, _FOLD)
    for offset, value in records:
        batch.fold(offset, value)
    outcome = batch.finish()
    return Folded(
        outcome.states.get(key),
        dedupe.new_ids,
        _count_duplicates(outcome),
        {table: [row for _, row in rows] for table, rows in outcome.rows.tables().items()},
        [(message.to.encode(), encode_record(message)) for message in outcome.messages],
        [(profile, value) for profile, value, _ in outcome.profiles],
    )


def _count_duplicates(outcome: FoldOutcome) -> int:
    return sum(count for (_, verdict), count in outcome.counts.items() if verdict == DedupeVerdict.DUPLICATE.value)

"""A small engage stage made of the product's identity functions: the fold of a batch, without services.

State is stored as bytes, as in the changelog: one value per identifier (with the offset of the last record folded) and,
beside them, the ids of touches. `Machine` names every rule, so that a mutant can replace one.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from msgspec import Struct, msgpack

from schemas.identity_messages import Link, Sum, Unlink
from streams.identity import claims, hierarchy
from streams.identity.ties import NO_TIES, TieLimits, Ties, parent_of
from tests.streams.identity.oracle import Touch

IdentityMessage: TypeAlias = Link | Sum
Record: TypeAlias = Touch | Link | Sum | Unlink

SEEN = "#seen"  # keys of the ids of touches; no identifier starts like this
SEEN_BLOCKS = 2  # each maps touches to their offsets


class Value(Struct, array_like=True, frozen=True):
    """A commutative sum."""

    n: int = 0
    points: int = 0
    members: tuple[str, ...] = ()


class Node(Struct, array_like=True, frozen=True):
    """The state of one identifier."""

    offset: int = -1  # of the last record folded into it
    own: Value = Value()
    ties: Ties | None = None


class Row(NamedTuple):
    """A row for the store: a counted touch (`event`) or the values of a profile (`profile`)."""

    kind: str
    offset: int
    key: str
    what: tuple[object, ...]


@dataclass(frozen=True)
class Machine:
    """The rules: functions of the product, and flags for the machinery around them."""

    claim: Callable[[str, Ties, Sequence[str], int, int, TieLimits], tuple[Ties, list[Link]]] = claims.claim
    fold_link: Callable[[str, Ties, Link, int, TieLimits], tuple[Ties, list[Sum]]] = claims.fold_link
    fold_unlink: Callable[[Ties, Unlink], Ties] = claims.fold_unlink
    fold_sum: Callable[[Ties, Sum], Ties] = hierarchy.fold_sum
    changes_parent_or_total: Callable[[Ties, Ties], bool] = hierarchy.changes_parent_or_total
    notify_former_parent: Callable[[str, Ties, Ties, int], list[Sum]] = hierarchy.notify_former_parent
    latest_sums: Callable[[Iterable[Sum]], list[Sum]] = hierarchy.latest_sums
    remembers_changes: bool = True  # a change is reported even if a later one in the batch undoes it
    claims_of_duplicates: bool = True  # claims are folded before a duplicate is dropped
    skips_folded: bool = True  # a record at or below the identifier's own offset is not folded again
    remembers_skipped: bool = True  # but the id of its touch is stored even then
    forgets_unfinished: bool = True  # ids from above the mark are dropped when a worker recovers
    acked_before_written: bool = True  # no state is written before every effect is acknowledged
    mark_last: bool = True  # the mark is written after all states of its batch
    highest_wins: bool = True  # recovery takes the value of the highest offset, not the one written last
    commit_last: bool = True  # the offset is committed after the mark is written


@dataclass
class Overlay:
    """An identifier within a batch."""

    before: Node
    own: Value
    ties: Ties
    offset: int
    changed: bool = False


@dataclass
class Batch:
    """The result of folding consecutive records."""

    changed: dict[str, tuple[int, bytes]] = field(default_factory=dict)  # key -> (offset, state)
    links: list[Link] = field(default_factory=list)
    sums: list[Sum] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)


@dataclass(frozen=True)
class Engage:
    machine: Machine
    limits: TieLimits
    lazy: bool  # a record that changes nothing of an identifier does not move that identifier's offset either

    def fold_batch(self, state: Mapping[str, bytes], records: Iterable[tuple[int, Record]], mark: int) -> Batch:
        """Fold (offset, record) pairs over the state of one partition, which is not changed."""
        batch, overlays = Batch(), dict[str, Overlay]()
        for offset, record in records:
            key = owner_of(record)
            if offset <= mark or key is None:
                continue
            if key not in overlays:
                node = msgpack.decode(state[key], type=Node) if key in state else Node()
                overlays[key] = Overlay(node, node.own, node.ties or NO_TIES, node.offset)
            overlay = overlays[key]
            done = self.machine.skips_folded and overlay.offset >= offset
            fresh = False
            if isinstance(record, Touch) and record.counts and (self.machine.remembers_skipped or not done):
                fresh = _remember(batch, state, key, record, offset)
            if not done:
                self._fold(batch, overlay, key, record, offset, fresh)
        for key, overlay in overlays.items():
            self._finish(batch, key, overlay)
        return batch

    def _fold(self, batch: Batch, overlay: Overlay, me: str, record: Record, offset: int, fresh: bool) -> None:
        before, own = overlay.ties, overlay.own
        if not own.members:
            overlay.own = Value(members=(me,))
        if isinstance(record, Touch):
            if fresh or not record.counts or self.machine.claims_of_duplicates:
                overlay.ties, links = self.machine.claim(me, before, record.ids[1:], record.at, offset, self.limits)
                batch.links += links
            if fresh:
                overlay.own = Value(own.n + 1, own.points + record.points, (me,))
                batch.rows.append(Row("event", offset, me, (record.event_id,)))
        elif isinstance(record, Link):
            overlay.ties, answers = self.machine.fold_link(me, before, record, offset, self.limits)
            batch.sums += answers
        elif isinstance(record, Sum):
            overlay.ties = self.machine.fold_sum(before, record)
        else:
            overlay.ties = self.machine.fold_unlink(before, record)
        batch.sums += self.machine.notify_former_parent(me, before, overlay.ties, offset)
        if (overlay.own, overlay.ties) != (own, before) or not self.lazy:
            overlay.offset = offset
        overlay.changed = (
            overlay.changed or overlay.own != own or self.machine.changes_parent_or_total(before, overlay.ties)
        )

    def _finish(self, batch: Batch, me: str, overlay: Overlay) -> None:
        before, ties, offset = overlay.before, overlay.ties, overlay.offset
        if offset == before.offset:
            return
        batch.changed[me] = (offset, msgpack.encode(Node(offset, overlay.own, None if ties == NO_TIES else ties)))
        old = before.ties or NO_TIES
        whole = total(overlay.own, ties)
        differs = (parent_of(ties), whole) != (parent_of(old), total(before.own, old))
        if overlay.changed if self.machine.remembers_changes else differs:
            batch.sums += hierarchy.notify_parent(me, ties, whole, offset)
            batch.rows.append(Row("profile", offset, me, (parent_of(ties), whole)))


def _remember(batch: Batch, state: Mapping[str, bytes], key: str, touch: Touch, offset: int) -> bool:
    """Store the id of a touch that counts, once per identifier, and return whether it is new."""
    block = f"{SEEN}{len(touch.event_id + key) % SEEN_BLOCKS}"
    known = batch.changed[block][1] if block in batch.changed else state.get(block)
    seen = msgpack.decode(known, type=dict[str, int]) if known else {}
    name = f"{key} {touch.event_id}"
    if name in seen:
        return False
    batch.changed[block] = (offset, msgpack.encode({**seen, name: offset}))
    return True


def owner_of(record: Record) -> str | None:
    """Return the identifier that folds a record; None for a touch without identifiers."""
    if isinstance(record, Touch):
        return record.ids[0] if record.ids else None
    return record.to


def total(own: Value, ties: Ties) -> bytes:
    """Return the total of an identifier and its children, encoded canonically."""
    values = [own, *(msgpack.decode(value, type=Value) for value in hierarchy.totals_below(ties))]
    members = {member for value in values for member in value.members}
    return msgpack.encode(
        Value(sum(value.n for value in values), sum(value.points for value in values), tuple(sorted(members)))
    )

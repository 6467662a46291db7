"""What one batch of activity does: the whole fold, over an overlay that nobody else sees until it is durable.

    claims     what the touch says of who belongs together: also a duplicate's, it may name more than the first copy did
    dedupe     counted before?
    sessions, score, profile    folded into the touch's strongest identifier (streams.profile.touch_fold)
    report     at the end of the batch: parents hear the new totals, profiles and identities that changed become rows

Pure: a batch and the state before it decide everything. Each record changes exactly one identifier, its `to` or the
first it names, which is the strongest (if intake has the same order).
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from schemas.activity import Record, decode_record
from schemas.identity_messages import Claim, Link, Sum, Unlink
from schemas.time import DAY_MS
from schemas.touch import Touch
from streams.engage.dedupe import Dedupe, DedupeVerdict, bucket_of, digest_of
from streams.engage.overlay import Overlay, Published, advance, tell, tell_closing
from streams.engage.rows import NOBODY, Name, Rows, event_row, name_of
from streams.identity.claims import claim, fold_link, fold_unlink
from streams.identity.hierarchy import changes_parent_or_total, fold_sum, latest_sums, notify_former_parent
from streams.identity.precedence import Precedence
from streams.identity.ties import Limits
from streams.profile.identifier_state import IdentifierState, decode_state, decode_total, encode_state
from streams.profile.local_state import LocalState
from streams.profile.touch_fold import fold_touch

Word = Link | Sum | Claim
_NEW, _BEYOND_WINDOW = DedupeVerdict.NEW, DedupeVerdict.BEYOND_WINDOW  # an enum's own attributes are slow to look up


class Folding(NamedTuple):
    """What the fold goes by; all of it is part of what a score and a profile mean."""

    half_life_ms: int
    late_days: int
    gap_ms: int
    limits: Limits
    order: tuple[str, ...]  # namespaces of identifiers, strongest first


class Refused(NamedTuple):
    """A record that is none of ours, or ties against the order: it has changed nothing."""

    offset: int
    detail: str


@dataclass(slots=True)
class Outcome:
    """What the shell has to make durable, in this order: words and rows and profiles, then states."""

    words: list[Word]
    rows: Rows
    profiles: list[Published]
    states: dict[bytes, bytes]
    counts: Counter[tuple[str, str]]  # (channel, result) -> touches
    oldest_ms: int  # arrival of the oldest touch
    rules_versions: set[str]  # that the touches were scored by
    unknown: set[str]  # namespaces to be tied that are not in the order: the batch is not to be kept
    turned: int  # touches that intake ranked by another order; they are tied by ours
    refused: list[Refused]


def _decode(value: bytes) -> Record:
    record = decode_record(value)
    if isinstance(record, Sum) and record.value is not None:
        decode_total(record.value)  # read again and again later on: there it must not fail
    return record


class Batch:
    """Folds records of one activity partition, one after another. `state`: an identifier's value by key, or None."""

    def __init__(
        self, partition: int, state: Callable[[bytes], bytes | None], dedupe: Dedupe, folding: Folding
    ) -> None:
        self._partition = partition
        self._state = state
        self._dedupe = dedupe
        self._folding = folding
        self._precedence = Precedence(folding.order)
        self._overlays: dict[str, Overlay] = {}
        self._words: list[Word] = []
        self.rows = Rows()
        self._new: dict[str, int] = {}  # touches by channel; all others are few
        self._others: Counter[tuple[str, str]] = Counter()
        self.oldest_ms = 0
        self._rules_versions: set[str] = set()
        self._unknown: set[str] = set()
        self._turned = 0
        self._refused: list[Refused] = []

    def take(self, offset: int, value: bytes) -> None:
        """Fold one record. What none of ours wrote, or ties against the order, is refused; its neighbours go on.

        Raises NewerLayout.
        """
        try:
            record = _decode(value)
        except (ValueError, RecursionError) as error:  # of msgspec: no record, no UTF-8, or nested without an end
            self._refused.append(Refused(offset, f"no record of this version: {error}"))
            return
        if isinstance(record, Touch):
            self._touch(offset, record)
        else:
            self._hear(offset, record)

    def _hear(self, offset: int, record: Link | Sum | Unlink | Claim) -> None:
        """A word or a command about who belongs together."""
        me = record.to
        overlay = self._open(me)
        if offset <= overlay.state.offset:
            return
        if isinstance(record, Link | Claim) and not self._may_tie(offset, record):
            return
        ties = overlay.state.known_ties
        words: Sequence[Word] = ()
        if isinstance(record, Link):
            after, words = fold_link(me, ties, record, offset, self._folding.limits)
        elif isinstance(record, Sum):
            after = fold_sum(ties, record)
        elif isinstance(record, Unlink):
            after = fold_unlink(ties, record)
        else:
            after, words = claim(me, ties, record.weaker, record.at, offset, self._folding.limits)
        self._words += words
        if after is not ties:
            overlay.state.ties = after
            if isinstance(record, Link | Unlink):
                overlay.placed = offset
            if changes_parent_or_total(ties, after):
                overlay.stirred = offset
            self._words += notify_former_parent(me, ties, after, offset)
        advance(overlay, offset)

    def _may_tie(self, offset: int, record: Link | Claim) -> bool:
        """Whether a record ties as the order says. It is refused if not; a link nobody can rank ends the batch."""
        above, below = (record.target, (record.to,)) if isinstance(record, Link) else (record.to, record.weaker)
        against = self._precedence.find_violation(above, below)
        if against and isinstance(record, Link) and (unknown := self._precedence.unknown_namespaces((above, *below))):
            self._unknown |= unknown
        elif against:
            self._refused.append(Refused(offset, against))
        return not against

    def _touch(self, offset: int, touch: Touch) -> None:
        ids, received_at_ms = touch.ids, touch.received_at_ms
        if not self.oldest_ms or received_at_ms < self.oldest_ms:
            self.oldest_ms = received_at_ms
        self._rules_versions.add(touch.rules_version)
        owner = ids[0] if ids else ""
        overlay = (self._overlays.get(owner) or self._open(owner)) if owner else None
        claimed = len(ids) > 1 and overlay is not None and self._claim(overlay, touch, offset)
        channel, digest = touch.channel, digest_of(owner or touch.tenant, touch.event_id)
        seen = self._dedupe.judge(bucket_of(channel, touch.source_at_ms), digest, received_at_ms)
        if seen is _NEW:
            self._new[channel] = self._new.get(channel, 0) + 1
        else:
            self._others[channel, seen.value] += 1
        if overlay is None:
            if seen is not DedupeVerdict.DUPLICATE:
                self._tell(offset, touch, NOBODY, touch.weight if seen is _NEW else 0.0, False, seen)
        elif offset > overlay.state.offset:
            if seen is _NEW:
                self._count(overlay, touch, offset)
            elif seen is _BEYOND_WINDOW:
                self._tell(offset, touch, overlay.name, 0.0, False, seen)
            if claimed or seen is _NEW:
                advance(overlay, offset)

    def _tell(self, offset: int, touch: Touch, owner: Name, weight: float, too_late: bool, seen: DedupeVerdict) -> None:
        beyond = seen is _BEYOND_WINDOW
        self.rows.events.append(
            (offset, event_row(touch.head, owner, weight, too_late, beyond, self._partition, offset))
        )  # fmt: skip

    def _claim(self, overlay: Overlay, touch: Touch, offset: int) -> bool:
        """Whether the touch ties its strongest identifier to another, or more closely, that it has not told yet."""
        node = overlay.state
        if offset <= node.offset:
            return False
        before, weaker = node.known_ties, touch.ids[1:]
        if not before.linked.keys() >= set(weaker):  # else they were looked at before
            if unknown := self._precedence.unknown_namespaces(touch.ids):
                self._unknown |= unknown
                return False
            strongest = self._precedence.strongest(touch.ids)
            if strongest != overlay.key:
                others = tuple(key for key in touch.ids if key != strongest)
                self._words.append(Claim(strongest, others, touch.occurred_at_ms))
                self._turned += 1
                return True
        after, links = claim(overlay.key, before, weaker, touch.occurred_at_ms, offset, self._folding.limits)
        if not links:
            return False
        if changes_parent_or_total(before, after):
            overlay.stirred = offset
        node.ties = after
        self._words += links
        return True

    def _count(self, overlay: Overlay, touch: Touch, offset: int) -> None:
        half_life_ms, late_days, gap_ms, *_ = self._folding
        day = touch.occurred_at_ms // DAY_MS
        if overlay.days and day not in overlay.days:  # one that is in there has closed what it closes
            tell_closing(overlay, day - late_days, self._partition, self.rows)
        weight, too_late = fold_touch(overlay.state.local, touch, half_life_ms, late_days, gap_ms)
        overlay.stirred = offset
        if not (too_late or touch.bot):
            overlay.days[day] = offset
        self._tell(offset, touch, overlay.name, weight, too_late, _NEW)

    def _open(self, key: str) -> Overlay:
        overlay = self._overlays.get(key)
        if overlay is None:
            name = name_of(key)
            value = self._state(name.key)
            node = IdentifierState(-1, LocalState()) if value is None else decode_state(value)
            overlay = self._overlays[key] = Overlay(key, name, node, node.offset)
        return overlay

    def finish(self) -> Outcome:
        """Everything the batch comes to. Call once."""
        states: dict[bytes, bytes] = {}
        profiles: list[Published] = []
        sums: list[Sum] = []
        for overlay in self._overlays.values():
            node = overlay.state
            if node.offset != overlay.before:  # else it was only looked at
                tell(overlay, self._partition, self.rows, sums, profiles)
                states[overlay.name.key] = encode_state(node)
        words = latest_messages([*self._words, *sums])
        counts = self._others + Counter({(channel, _NEW.value): count for channel, count in self._new.items()})
        return Outcome(
            words, self.rows, profiles, states, counts, self.oldest_ms, self._rules_versions, self._unknown,
            self._turned, self._refused,
        )  # fmt: skip


def latest_messages(words: Sequence[Word]) -> list[Word]:
    """All links and claims, and of the sums only the last per parent and child; the sums come last."""
    return [
        *(word for word in words if not isinstance(word, Sum)),
        *latest_sums(w for w in words if isinstance(w, Sum)),
    ]

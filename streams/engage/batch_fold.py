"""Fold of one batch of activity, over an overlay of the state that becomes visible only once it is durable.

    claims     from every touch, duplicates too: a duplicate may carry more identifiers than the first copy
    dedupe     was this touch counted before? Is it a newer revision of what was counted?
    sessions, score, profile    folded into the touch's strongest identifier (streams.profile.touch_fold)
    pings      make a row each, without state: the largest of a page view counts when it is read
    effects    at the end of the batch: messages to parents, rows of the profiles and identities that changed

Pure: the result depends only on the batch and the state before it. A record changes exactly one identifier: its `to`,
or the first identifier of a touch, which is the strongest (if intake has the same order).
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from schemas.activity import Record, decode_record
from schemas.identity_messages import Claim, Link, Sum, Unlink
from schemas.pings import Ping
from schemas.time import DAY_MS
from schemas.touch import Touch
from streams.engage.dedupe import Dedupe, DedupeVerdict, bucket_of, counts_any_day, digest_of
from streams.engage.overlay import Overlay, ProfileRecord, advance, emit_closing_days, emit_effects
from streams.engage.revisions import FIRST, RevisionVerdict, former_row, replace_former, revisable_of, revision_row
from streams.engage.rows import NO_OWNER, EncodedIdentifier, TableRows, encode_identifier, event_row, page_time_row
from streams.identity.claims import claim, fold_link, fold_unlink
from streams.identity.hierarchy import changes_parent_or_total, fold_sum, latest_sums, notify_former_parent
from streams.identity.precedence import Precedence
from streams.identity.ties import TieLimits
from streams.profile.identifier_state import IdentifierState, decode_state, decode_total, encode_state
from streams.profile.local_state import LocalState
from streams.profile.revisable_touches import fold_revisable
from streams.profile.touch_fold import fold_touch

IdentityMessage = Link | Sum | Claim
PING: Final = "ping"  # beside the verdicts on touches, in counts
_NEW, _DUPLICATE, _BEYOND_WINDOW = DedupeVerdict  # attribute look-ups on an enum are slow


class FoldConfig(NamedTuple):
    """Settings of the fold. All of them define what a score and a profile mean."""

    half_life_ms: int
    late_days: int
    gap_ms: int
    limits: TieLimits
    order: tuple[str, ...]  # namespaces of identifiers, strongest first


class RefusedRecord(NamedTuple):
    """A record that Touchline did not write, or one that ties against the order. It changed nothing."""

    offset: int
    detail: str


@dataclass(slots=True)
class FoldOutcome:
    """What the stage makes durable, in this order: messages, rows and profiles; then states."""

    messages: list[IdentityMessage]
    rows: TableRows
    profiles: list[ProfileRecord]
    states: dict[bytes, bytes]
    counts: Counter[tuple[str, str]]  # (channel, verdict) -> touches
    oldest_ms: int  # arrival of the oldest touch
    rules_versions: set[str]  # with which the touches were scored
    unknown_namespaces: set[str]  # of ties, and not in the order: the batch must not be committed
    reranked: int  # touches whose identifiers intake ranked by another order; they are tied by this worker's order
    refused: list[RefusedRecord]


def _decode(value: bytes) -> Record:
    record = decode_record(value)
    if isinstance(record, Sum) and record.value is not None:
        decode_total(record.value)  # stored as it is and decoded many times later, where an error would stop the worker
    return record


class BatchFold:
    """Folds records of one activity partition, in order. `state` returns the stored value of a key, or None."""

    def __init__(
        self, partition: int, state: Callable[[bytes], bytes | None], dedupe: Dedupe, config: FoldConfig
    ) -> None:
        self._partition = partition
        self._state = state
        self._dedupe = dedupe
        self._config = config
        self._precedence = Precedence(config.order)
        self._overlays: dict[str, Overlay] = {}
        self._messages: list[IdentityMessage] = []
        self.rows = TableRows()
        self._new: dict[str, int] = {}  # new touches by channel; the other verdicts are rare
        self._others: Counter[tuple[str, str]] = Counter()
        self.oldest_ms = 0
        self._rules_versions: set[str] = set()
        self._unknown_namespaces: set[str] = set()
        self._reranked = 0
        self._refused: list[RefusedRecord] = []

    def fold(self, offset: int, value: bytes) -> None:
        """Fold one record. One that cannot be read, or that ties against the order, is refused and the fold continues.

        Raises NewerLayoutError.
        """
        try:
            record = _decode(value)
        except (ValueError, RecursionError) as error:  # from msgspec: not a record, not UTF-8, or nested too deeply
            self._refused.append(RefusedRecord(offset, f"no record of this version: {error}"))
            return
        if isinstance(record, Touch):
            self._fold_touch(offset, record)
        elif isinstance(record, Ping):
            self._others[record.channel, PING] += 1
            self.rows.page_times.append((offset, page_time_row(record, self._partition, offset)))
        else:
            self._fold_message(offset, record)

    def _fold_message(self, offset: int, record: Link | Sum | Unlink | Claim) -> None:
        me = record.to
        overlay = self._open(me)
        if offset <= overlay.state.offset:
            return
        if isinstance(record, Link | Claim) and not self._may_tie(offset, record):
            return
        ties = overlay.state.known_ties
        messages: Sequence[IdentityMessage] = ()
        if isinstance(record, Link):
            after, messages = fold_link(me, ties, record, offset, self._config.limits)
        elif isinstance(record, Sum):
            after = fold_sum(ties, record)
        elif isinstance(record, Unlink):
            after = fold_unlink(ties, record)
        else:
            after, messages = claim(me, ties, record.weaker, record.at, offset, self._config.limits)
        self._messages += messages
        if after is not ties:
            overlay.state.ties = after
            if isinstance(record, Link | Unlink):
                overlay.parent_changed_at = offset
            if changes_parent_or_total(ties, after):
                overlay.total_changed_at = offset
            self._messages += notify_former_parent(me, ties, after, offset)
        advance(overlay, offset)

    def _may_tie(self, offset: int, record: Link | Claim) -> bool:
        """Return whether a record ties by the order. If not, it is refused, or ends the batch if a rank is unknown."""
        above, below = (record.target, (record.to,)) if isinstance(record, Link) else (record.to, record.weaker)
        violation = self._precedence.find_violation(above, below)
        if violation and isinstance(record, Link) and (unknown := self._precedence.unknown_namespaces((above, *below))):
            self._unknown_namespaces |= unknown
        elif violation:
            self._refused.append(RefusedRecord(offset, violation))
        return not violation

    def _fold_touch(self, offset: int, touch: Touch) -> None:
        """Claim, judge and fold a touch.

        A duplicate changes ties only, unless it is a newer revision; one beyond the window gets a row besides.
        """
        ids = touch.ids
        owner = ids[0] if ids else ""
        overlay = (self._overlays.get(owner) or self._open(owner)) if owner else None
        claimed = len(ids) > 1 and overlay is not None and self._claim(overlay, touch, offset)
        verdict = self._judge(owner, touch)
        if overlay is None:
            if verdict is not _DUPLICATE:
                self._emit_event(offset, touch, NO_OWNER, touch.weight if verdict is _NEW else 0.0, False, verdict)
            elif touch.revision is not None:
                self._others[touch.channel, RevisionVerdict.LATE.value] += 1
            return
        if offset <= overlay.state.offset:
            return
        if verdict is _NEW:
            self._count(overlay, touch, offset)
        elif verdict is _BEYOND_WINDOW:
            self._emit_event(offset, touch, overlay.identifier, 0.0, False, verdict)
        revised = verdict is _DUPLICATE and touch.revision is not None and self._revise(overlay, touch, offset)
        if claimed or verdict is _NEW or revised:
            advance(overlay, offset)

    def _judge(self, owner: str, touch: Touch) -> DedupeVerdict:
        """Return whether the touch is new, and note what the stage reports of it."""
        channel, received_at_ms = touch.channel, touch.received_at_ms
        if not self.oldest_ms or received_at_ms < self.oldest_ms:
            self.oldest_ms = received_at_ms
        self._rules_versions.add(touch.rules_version)
        digest = digest_of(owner or touch.tenant, touch.event_id)
        bucket = bucket_of(channel, touch.source_at_ms)
        judge = self._dedupe.judge_any_day if counts_any_day(channel) else self._dedupe.judge
        verdict = judge(bucket, digest, received_at_ms)
        if verdict is _NEW:
            self._new[channel] = self._new.get(channel, 0) + 1
        elif touch.revision is None or verdict is _BEYOND_WINDOW:
            self._others[channel, verdict.value] += 1
        return verdict

    def _emit_event(
        self, offset: int, touch: Touch, owner: EncodedIdentifier, weight: float, too_late: bool, verdict: DedupeVerdict
    ) -> None:
        beyond_window = verdict is _BEYOND_WINDOW
        row = event_row(touch.head, owner, weight, too_late, beyond_window, FIRST, self._partition, offset)
        self.rows.events.append((offset, row))

    def _claim(self, overlay: Overlay, touch: Touch, offset: int) -> bool:
        """Fold the claims of a touch, and return whether they require a link that was not sent before."""
        state = overlay.state
        if offset <= state.offset:
            return False
        before, weaker = state.known_ties, touch.ids[1:]
        if not before.linked.keys() >= set(weaker):  # else the order was checked before
            if unknown := self._precedence.unknown_namespaces(touch.ids):
                self._unknown_namespaces |= unknown
                return False
            strongest = self._precedence.strongest(touch.ids)
            if strongest != overlay.key:
                others = tuple(key for key in touch.ids if key != strongest)
                self._messages.append(Claim(strongest, others, touch.occurred_at_ms))
                self._reranked += 1
                return True
        after, links = claim(overlay.key, before, weaker, touch.occurred_at_ms, offset, self._config.limits)
        if not links:
            return False
        if changes_parent_or_total(before, after):
            overlay.total_changed_at = offset
        state.ties = after
        self._messages += links
        return True

    def _count(self, overlay: Overlay, touch: Touch, offset: int) -> None:
        """Fold a new touch into the local state of its strongest identifier."""
        half_life_ms, late_days, gap_ms, *_ = self._config
        day = touch.occurred_at_ms // DAY_MS
        if overlay.days and day not in overlay.days:  # a day that is in there has closed the days it closes
            emit_closing_days(overlay, day - late_days, self._partition, self.rows)
        local = overlay.state.local
        if touch.revision is None:
            weight, too_late = fold_touch(local, touch, half_life_ms, late_days, gap_ms)
        else:
            weight, too_late = fold_revisable(local, revisable_of(touch, half_life_ms), half_life_ms, late_days, gap_ms)
        overlay.total_changed_at = offset
        if not (too_late or touch.bot):
            overlay.days[day] = offset
        self._emit_event(offset, touch, overlay.identifier, weight, too_late, _NEW)

    def _revise(self, overlay: Overlay, touch: Touch, offset: int) -> bool:
        """Replace what counted of a touch if this revision is newer; return whether it is."""
        verdict, kept, new = replace_former(overlay.state.local, touch, self._config.half_life_ms, self._config.gap_ms)
        self._others[touch.channel, verdict.value] += 1
        if kept is None:
            return False
        overlay.total_changed_at = offset
        if not (new.bot and kept.touch.bot):
            overlay.days[new.occurred_at_ms // DAY_MS] = offset
        self.rows.events += (
            (offset, former_row(new.tenant, kept, overlay.identifier, self._partition, offset)),
            (offset, revision_row(new, overlay.identifier, self._partition, offset)),
        )
        return True

    def _open(self, key: str) -> Overlay:
        overlay = self._overlays.get(key)
        if overlay is None:
            identifier = encode_identifier(key)
            value = self._state(identifier.key)
            state = IdentifierState(-1, LocalState()) if value is None else decode_state(value)
            overlay = self._overlays[key] = Overlay(key, identifier, state, state.offset)
        return overlay

    def finish(self) -> FoldOutcome:
        """Return everything that the batch changes. Call once."""
        states: dict[bytes, bytes] = {}
        profiles: list[ProfileRecord] = []
        sums: list[Sum] = []
        for overlay in self._overlays.values():
            state = overlay.state
            if state.offset != overlay.before:  # else it was read only
                emit_effects(overlay, self._partition, self.rows, sums, profiles)
                states[overlay.identifier.key] = encode_state(state)
        messages = latest_messages([*self._messages, *sums])
        counts = self._others + Counter({(channel, _NEW.value): count for channel, count in self._new.items()})
        return FoldOutcome(
            messages, self.rows, profiles, states, counts, self.oldest_ms, self._rules_versions,
            self._unknown_namespaces, self._reranked, self._refused,
        )  # fmt: skip


def latest_messages(messages: Sequence[IdentityMessage]) -> list[IdentityMessage]:
    """Return all links and claims, then of the sums the last per parent and child."""
    sums = (message for message in messages if isinstance(message, Sum))
    return [*(message for message in messages if not isinstance(message, Sum)), *latest_sums(sums)]

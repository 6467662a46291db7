"""The set of touches: records are read, deduplicated, weighed, and found in time or too late.

Of the revisions of a touch the highest counts (tests.oracle.revisions); here no two of one number differ.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Final, Protocol

from schemas.columns import EVENT_HEAD
from streams.rules.evaluator import Match, Rules
from tests.chaos.load_meaning import Facts, Refused, Sent
from tests.oracle.touch import DAY_MS, Touch, UncertainError, day_of_id

_EARLY_MS: Final = 300_000  # docs/contract.md: an event more than five minutes after its arrival
_NOTICED_MS: Final = 1_000  # docs/contract.md: a correction by a second or more is flagged
_LATEST_MS: Final = 9_000_000_000_000  # the maximum of the column
_ROLLED_UP: Final = (  # what rollups count by and add up
    "type", "country", "device", "referrer_class", "lead_source", "campaign_source", "campaign_medium", "campaign_name",
    "campaign", "click_id_kind", "direction", "queue", "agent", "wait_s", "duration_s", "source",
)  # fmt: skip
_EMPTY: Final = {column.name: column.empty for column in EVENT_HEAD}

Key = tuple[str, str, str, str, int]  # tenant, folded into, channel, event id, day of the id (day_of_id)


class Limits(Protocol):
    """The settings that decide the outcome of a record; `touchline.settings.Settings` satisfies it."""

    @property
    def retention_ms(self) -> int: ...
    @property
    def window_ms(self) -> int: ...
    @property
    def links(self) -> int: ...
    @property
    def targets(self) -> int: ...
    @property
    def largest_kb(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Refusal:
    """A record that belongs in the quarantine."""

    sent: Sent
    reason: str
    word: str  # contained in its detail


@dataclass(frozen=True, slots=True)
class Copy:
    """A record that contains a touch."""

    sent: Sent
    facts: Facts
    event_id: str
    source_at_ms: int
    occurred_at_ms: int
    flags: tuple[str, ...]
    match: Match

    @property
    def owner(self) -> str:
        """The key of the identifier that counts it; '' means none."""
        return f"{self.facts.tenant}|{self.facts.ids[0]}" if self.facts.ids else ""

    @property
    def key(self) -> Key:
        """The key that identifies copies of one touch."""
        owner = self.facts.ids[0] if self.facts.ids else ""
        day = day_of_id(self.facts.channel, self.source_at_ms)
        return self.facts.tenant, owner, self.facts.channel, self.event_id, day

    @property
    def essence(self) -> tuple[object, ...]:
        """Everything that affects more than the touch's own row."""
        facts, columns = self.facts, self.facts.columns
        shown = tuple(columns.get(name, "") for name in _ROLLED_UP)
        where = facts.page, facts.source, facts.medium, facts.campaign, tuple(facts.traits.items())
        return self.occurred_at_ms, facts.bot, self.match, shown, where


@dataclass(slots=True)
class Counted:
    """A touch that counts. One of `copies` is stored; each is the first in its raw partition.

    `days` are the UTC days that all its copies name, those that are not first included. `former` are the copies of
    lower revisions.
    """

    copies: list[Copy]
    days: set[int] = field(default_factory=set)
    too_late: bool = False
    former: list[Copy] = field(default_factory=list)

    @property
    def one(self) -> Copy:
        """Any copy, since all agree."""
        return self.copies[0]

    @property
    def weight(self) -> float:
        """The weight in its row, whether or not a cap lets it count."""
        match = self.one.match
        return 0.0 if self.one.facts.bot or (self.too_late and match.cap) else match.weight

    @property
    def touch(self) -> Touch:
        """The touch as profiles and sessions use it."""
        one, facts, match = self.one, self.one.facts, self.one.match
        shown = {f"${name}": str(facts.columns.get(name, "")) for name in ("country", "device")}
        return Touch(
            one.event_id, facts.channel, one.occurred_at_ms, self.weight, match.cap, match.cap_value, facts.bot,
            facts.page, facts.source, facts.medium, facts.campaign,
            {**facts.traits, **{name: value for name, value in shown.items() if value}}, self.too_late,
        )  # fmt: skip


def read(sent: Sent, rules: Rules, limits: Limits) -> Copy | Refusal:
    """Return the touch or the refusal in a record of a raw topic."""
    meaning, size = sent.item.meaning, len(sent.item.raw.value)
    if size > limits.largest_kb * 1024:
        return Refusal(sent, "too_large", str(size))
    if isinstance(meaning, Refused):
        return Refusal(sent, meaning.reason, meaning.word)
    assert isinstance(meaning, Facts)
    occurred_at_ms, flags = _settle(meaning, sent.timestamp_ms, limits.retention_ms)
    event_id = meaning.event_id
    if not event_id:
        place = f"{sent.topic}/{sent.partition}/{sent.offset}"
        event_id = blake2b(meaning.natural.encode(), digest_size=16).hexdigest() if meaning.natural else place
    derived = () if meaning.event_id else ("derived_id",)
    junk = ("junk_identifier",) if meaning.junk else ()
    match = rules.match({**_EMPTY, **meaning.columns, "channel": meaning.channel, "tenant": meaning.tenant})
    stated_ms = min(max(meaning.stated_ms, 0), _LATEST_MS)
    return Copy(sent, meaning, event_id, stated_ms, occurred_at_ms, (*flags, *derived, *junk), match)


def _settle(facts: Facts, arrival_ms: int, retention_ms: int) -> tuple[int, tuple[str, ...]]:
    """Return the event time and its flags."""
    at_ms, flags = facts.stated_ms, list[str]()
    if facts.sent_at_ms is not None and facts.revision is None:
        at_ms += arrival_ms - facts.sent_at_ms
        flags += ["clock_corrected"] if abs(at_ms - facts.stated_ms) >= _NOTICED_MS else []
    if at_ms > arrival_ms + _EARLY_MS:
        return arrival_ms, (*flags, "future")
    if at_ms < arrival_ms - retention_ms:
        return arrival_ms - retention_ms, (*flags, "past")
    return at_ms, tuple(flags)


def distinct(copies: Iterable[Copy]) -> dict[Key, Counted]:
    """Return each touch once. Raises UncertainError if the order of the copies matters."""
    firsts: dict[Key, dict[tuple[str, int], Copy]] = defaultdict(dict)
    days: dict[Key, set[int]] = defaultdict(set)
    for copy in copies:
        days[copy.key].add(copy.source_at_ms // DAY_MS)
    for copy in _newest_revisions(copies):
        by_place, place = firsts[copy.key], (copy.sent.topic, copy.sent.partition)
        if place not in by_place or copy.sent.offset < by_place[place].sent.offset:
            by_place[place] = copy
    touches = {key: Counted(list(by_place.values()), days[key]) for key, by_place in firsts.items()}
    for copy in copies:
        if copy.facts.revision != touches[copy.key].one.facts.revision:
            touches[copy.key].former.append(copy)
    for key, touch in touches.items():
        if any(copy.essence != touch.one.essence for copy in touch.copies[1:]):
            raise UncertainError(f"{key}: copies in several partitions differ")
    return touches


def _newest_revisions(copies: Iterable[Copy]) -> Iterator[Copy]:
    """Yield the copies of the highest revision of each touch. Raises UncertainError if some have none."""
    by_key: dict[Key, list[Copy]] = defaultdict(list)
    for copy in copies:
        by_key[copy.key].append(copy)
    for key, same in by_key.items():
        revisions = {copy.facts.revision for copy in same}
        if None in revisions and len(revisions) > 1:
            raise UncertainError(f"{key}: the order of arrival decides, since some copies have no revision")
        newest = max(revisions, key=lambda revision: revision or 0)
        yield from (copy for copy in same if copy.facts.revision == newest)


def find_late(touches: Sequence[Counted], late_days: int) -> None:
    """Mark the touches of one identifier that arrived after their day was closed.

    Raises UncertainError if the order of partitions decides.
    """
    days = [touch.one.occurred_at_ms // DAY_MS for touch in touches]
    if max(days) - min(days) <= late_days:
        return
    places = {(copy.sent.topic, copy.sent.partition) for touch in touches for copy in touch.copies}
    if len(places) > 1:
        raise UncertainError(f"{touches[0].one.owner}: further apart than {late_days} days, in several partitions")
    newest = -1
    for touch in sorted(touches, key=lambda touch: touch.one.sent.offset):
        day = touch.one.occurred_at_ms // DAY_MS
        newest = max(newest, day)
        touch.too_late = not touch.one.facts.bot and day < newest - late_days


def event_row(touch: Counted, copy: Copy, rules_version: str) -> dict[str, object]:
    """Return the row of `events` if this copy was counted, with times in ms and without the place on `activity`."""
    sent, facts = copy.sent, copy.facts
    return {
        **_EMPTY, **facts.columns, "tenant": facts.tenant, "channel": facts.channel, "event_id": copy.event_id,
        "occurred_at": copy.occurred_at_ms, "source_at": copy.source_at_ms, "received_at": sent.timestamp_ms,
        "flags": list(copy.flags), "identifiers": list(facts.ids), "raw_topic": sent.topic,
        "raw_partition": sent.partition, "raw_offset": sent.offset, "rule": copy.match.rule, "cap": copy.match.cap,
        "cap_value": copy.match.cap_value, "rules_version": rules_version,
        "folded_into": copy.owner.partition("|")[2], "weight": touch.weight, "too_late": touch.too_late,
        "beyond_window": False,
    }  # fmt: skip

"""The rollups that follow from the set of touches: keys and columns of each."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import ceil
from typing import Final, Protocol

from tests.oracle.records import Copy, Counted

_MINUTE_MS: Final = 60_000
_HOUR_MS: Final = 3_600_000
_DAY_MS: Final = 24 * _HOUR_MS
_CAMPAIGN: Final = (
    "lead_source", "referrer_class", "campaign_source", "campaign_medium", "campaign_name", "campaign", "click_id_kind",
)  # fmt: skip
Key = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Between:
    """A number that is not determined, but has these limits."""

    low: int
    high: int


class Sums(Protocol):
    """A row of a rollup."""

    def columns(self) -> Mapping[str, float | Between]:
        """Return the columns beside the key."""


@dataclass(slots=True)
class Rollup:
    """A row of a rollup of all touches."""

    touches: int = 0
    bots: int = 0
    weight: float = 0.0

    def add(self, touch: Counted) -> None:
        self.touches += 1
        self.bots += touch.one.facts.bot
        self.weight += touch.weight

    def columns(self) -> dict[str, float]:
        return {"touches": self.touches, "bots": self.bots, "weight": self.weight}


@dataclass(slots=True)
class CampaignDay:
    """A row of `campaigns_by_day`. `left` are owners of touches that were revised to another campaign, or to none.

    They are in the sets of the row if the former revision arrived before the newest one.
    """

    all: Rollup = field(default_factory=Rollup)
    forms: int = 0
    people: set[str] = field(default_factory=set)
    left: set[str] = field(default_factory=set)

    def add(self, touch: Counted) -> None:
        self.all.add(touch)
        if not touch.one.facts.bot:
            self.forms += touch.one.facts.columns["type"] == "form"
            self.people |= {touch.one.owner} - {""}

    def columns(self) -> dict[str, float | Between]:
        everybody = self.people | self.left
        people, identified = self.people, {one for one in everybody if "|anonymous_id:" not in one}
        return {
            **self.all.columns(),
            "forms": self.forms,
            "people": Between(len(people), len(everybody)),
            "identified": Between(len(identified & people), len(identified)),
        }


@dataclass(slots=True)
class Calls:
    """A row of `calls_by_hour`."""

    touches: int = 0
    talked_ms: int = 0

    def columns(self) -> dict[str, float]:
        return {"touches": self.touches, "talked_ms": self.talked_ms}


@dataclass(slots=True)
class Quality:
    """A row of `quality_by_hour`. No touch is beyond the window (tests.oracle.site)."""

    touches: int = 0
    bots: int = 0
    late: int = 0
    anonymous: int = 0
    without_identifier: int = 0
    newest: int = 0

    def add(self, touch: Counted, copy: Copy) -> None:
        self.touches += 1
        self.bots += copy.facts.bot
        self.late += touch.too_late
        self.anonymous += "|anonymous_id:" in copy.owner
        self.without_identifier += not copy.owner
        self.newest = max(self.newest, copy.sent.timestamp_ms)

    def columns(self) -> dict[str, float]:
        names = ("touches", "bots", "late", "anonymous", "without_identifier", "newest")
        return {**{name: getattr(self, name) for name in names}, "beyond": 0}


@dataclass(slots=True)
class Rollups:
    """All rollups that do not depend on which copy of a touch is stored."""

    minutes: dict[Key, Rollup] = field(default_factory=lambda: defaultdict(Rollup))
    hours: dict[Key, Rollup] = field(default_factory=lambda: defaultdict(Rollup))
    days: dict[Key, Rollup] = field(default_factory=lambda: defaultdict(Rollup))
    campaigns: dict[Key, CampaignDay] = field(default_factory=lambda: defaultdict(CampaignDay))
    calls: dict[Key, Calls] = field(default_factory=lambda: defaultdict(Calls))


def lowest(row: Sums) -> dict[str, float]:
    """Return the columns of a row with the lower limit of those that are not determined."""
    return {name: value.low if isinstance(value, Between) else value for name, value in row.columns().items()}


def roll_up(touches: Iterable[Counted]) -> Rollups:
    """Return the rollups of these touches. Times are in ms."""
    made = Rollups()
    for touch in touches:
        facts, at_ms = touch.one.facts, touch.one.occurred_at_ms
        columns = facts.columns
        kind, hour_ms = (facts.channel, columns["type"]), at_ms // _HOUR_MS * _HOUR_MS
        made.minutes[facts.tenant, at_ms // _MINUTE_MS * _MINUTE_MS, *kind].add(touch)
        where = [columns.get(name, "") for name in ("lead_source", "referrer_class", "device", "country")]
        made.hours[facts.tenant, hour_ms, *kind, *where].add(touch)
        made.days[facts.tenant, at_ms // _DAY_MS, hour_ms, *kind].add(touch)
        if key := _campaign_day(touch.one):
            made.campaigns[key].add(touch)
        for copy in touch.former:
            if copy.owner and not copy.facts.bot and (key := _campaign_day(copy)):
                made.campaigns[key].left.add(copy.owner)
        if facts.channel == "calls":
            who = [columns.get(name, "") for name in ("direction", "type", "queue", "agent")]
            row = made.calls[facts.tenant, hour_ms, *who, waited_s(columns)]
            row.touches += 1
            row.talked_ms += round(float(str(columns.get("duration_s") or 0)) * 1000)
    return made


def _campaign_day(copy: Copy) -> Key | None:
    """Return the key of a touch in `campaigns_by_day`; None if it has no source and belongs to no mailing."""
    campaign = {name: copy.facts.columns.get(name, "") for name in _CAMPAIGN}
    if not (campaign["lead_source"] or campaign["campaign_name"] or campaign["campaign"]):
        return None
    return copy.facts.tenant, copy.occurred_at_ms // _DAY_MS, copy.facts.channel, *campaign.values()


def quality_of(touches: Iterable[tuple[Counted, Copy]]) -> dict[Key, Quality]:
    """Return the rows of `quality_by_hour`, given which copy of each touch is stored."""
    made: dict[Key, Quality] = defaultdict(Quality)
    for touch, copy in touches:
        facts, hour_ms = copy.facts, copy.sent.timestamp_ms // _HOUR_MS * _HOUR_MS
        source, flagged = facts.columns.get("source", ""), " ".join(sorted(copy.flags))
        made[facts.tenant, hour_ms, facts.channel, source, flagged].add(touch, copy)
    return made


def waited_s(columns: Mapping[str, object]) -> int:
    """Return the waiting as `calls_by_hour` has it: rounded up, to a second, 10 s or 60 s; -1 where it is unknown."""
    value = columns.get("wait_s")
    if value is None:
        return -1
    seconds = float(str(value))
    step = 1 if seconds <= 120 else 10 if seconds <= 1200 else 60
    return min(ceil(seconds / step) * step, 86_400)

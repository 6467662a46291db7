"""How calls were answered: waiting, abandoned calls, and service level, by time of the week, queue and agent."""

from dataclasses import dataclass
from typing import Final, Literal

from dashboards.answers.clear import Clear
from dashboards.answers.run_query import Client, Row, read
from dashboards.answers.scope import Scope
from dashboards.answers.time_steps import Span

WITHIN_S: Final = 20
MAX_GROUPS: Final = 500  # queues, and agents
_ALL, _WEEK, _QUEUE, _AGENT = 7, 3, 5, 6  # `grouped`: a bit for each column that was not grouped by


@dataclass(frozen=True, slots=True)
class Level:
    """The calls of a group by how they ended.

    `within` were answered within the given seconds. `median_s` and `most_s` are the waiting that a half and 90 % of the
    calls did not exceed, of those whose waiting is known (`waits`); None if there are none. Waiting of more than two
    minutes is rounded up to 10 s, of more than 20 minutes to a minute.
    """

    calls: int
    answered: int
    missed: int
    abandoned: int
    voicemail: int
    within: int
    waits: int
    median_s: int | None
    most_s: int | None
    talked_ms: int

    @property
    def service_level(self) -> float | None:
        """The share of calls that were answered in time; None without calls."""
        return self.within / self.calls if self.calls else None

    @property
    def abandoned_share(self) -> float | None:
        """The share of calls whose caller hung up while waiting; None without calls."""
        return self.abandoned / self.calls if self.calls else None


@dataclass(frozen=True, slots=True)
class ServiceLevels:
    """The levels of all calls, by (weekday, hour) with Monday as 1, by queue and by agent, most calls first.

    `within_s` is the waiting up to which a call was answered in time. Weekdays and hours are of the range's time zone.
    """

    within_s: int
    all: Level
    by_hour: tuple[tuple[int, int, Level], ...]
    by_queue: tuple[tuple[Clear, Level], ...]
    by_agent: tuple[tuple[str, Level], ...]


NO_CALLS: Final = Level(0, 0, 0, 0, 0, 0, 0, None, None, 0)


def call_service_levels(
    client: Client,
    scope: Scope,
    span: Span,
    *,
    direction: Literal["inbound", "outbound"] = "inbound",
    within_s: int = WITHIN_S,
) -> ServiceLevels:
    """Return the levels of calls in one direction in the hours of a range."""
    rows = read(
        client,
        "call_service_levels",
        tenant=scope.tenant,
        zone=span.zone,
        **span.hours_s,
        direction=direction,
        within_s=within_s,
        limit=MAX_GROUPS,
    )
    return ServiceLevels(
        within_s,
        next((_level(row) for row in rows if row["grouped"] == _ALL), NO_CALLS),
        tuple((row["weekday"], row["hour_of_day"], _level(row)) for row in _ordered(rows)),
        tuple((row["queue"], _level(row)) for row in rows if row["grouped"] == _QUEUE),
        tuple((row["agent"], _level(row)) for row in rows if row["grouped"] == _AGENT),
    )


def _ordered(rows: list[Row]) -> list[Row]:
    return sorted(
        (row for row in rows if row["grouped"] == _WEEK), key=lambda row: (row["weekday"], row["hour_of_day"])
    )


def _level(row: Row) -> Level:
    median_s, most_s = (int(value) for value in row["waited"]) if row["waits"] else (None, None)
    names = ("calls", "answered", "missed", "abandoned", "voicemail", "within", "waits", "talked_ms")
    return Level(**{name: row[name] for name in names}, median_s=median_s, most_s=most_s)

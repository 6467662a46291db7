"""Whether the data can be trusted: refused records, late and anonymous touches, bots, flags, newest arrivals."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Final

from dashboards.answers.clear import Clear
from dashboards.answers.run_query import Client, Row, read
from dashboards.answers.scope import Scope
from dashboards.answers.time_steps import HOUR_MS, Span
from schemas.time import DAY_MS

NEWEST_DAYS: Final = 90
MAX_ROWS: Final = 5_000  # days, combinations of flags, sources; days times reasons
_DAY, _FLAGS, _SOURCE = 3, 5, 6  # `grouped`: a bit for each column that was not grouped by


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Touches that arrived, by what was noticed about them.

    `late` came after their day was closed, `anonymous` have nothing but an anonymous id, `without_identifier` not even
    that. `beyond` are not counted as touches, because their ids may have been forgotten: they may be repeats.
    """

    touches: int
    bots: int
    late: int
    anonymous: int
    without_identifier: int
    beyond: int


@dataclass(frozen=True, slots=True)
class Rejections:
    """Records that went to the quarantine on a day for a reason, of all tenants.

    `place` is the topic/partition/offset of the newest one, `detail` names its field and what is wrong.
    """

    day: date
    reason: Clear
    records: int
    place: Clear
    detail: str
    newest_ms: int


@dataclass(frozen=True, slots=True)
class NewestArrival:
    """When a source last sent a touch that was accepted."""

    channel: Clear
    source: Clear
    newest_ms: int


@dataclass(frozen=True, slots=True)
class DataQuality:
    """The quality of a range by day of its time zone.

    `flags` counts touches by flag, the most frequent first. `newest` has the sources that sent something in the
    `NEWEST_DAYS` before the end of the range.
    """

    all: Arrivals
    by_day: tuple[tuple[date, Arrivals], ...]
    by_source: tuple[tuple[Clear, Clear, Arrivals], ...]  # (channel, source, arrivals), the most touches first
    flags: tuple[tuple[Clear, int], ...]
    rejected: tuple[Rejections, ...]
    newest: tuple[NewestArrival, ...]


def data_quality(client: Client, scope: Scope, span: Span) -> DataQuality:
    """Return the quality of what arrived in the hours of a range."""
    rows = read(client, "quality", tenant=scope.tenant, zone=span.zone, **span.hours_s, limit=MAX_ROWS)
    days = [row for row in rows if row["grouped"] == _DAY]
    flags: Counter[str] = Counter()
    for row in rows:
        if row["grouped"] == _FLAGS:
            flags.update(dict.fromkeys(row["flagged"].split(), row["touches"]))
    return DataQuality(
        all=Arrivals(*(sum(row[name] for row in days) for name in Arrivals.__match_args__)),
        by_day=tuple((row["day"], _arrivals(row)) for row in days),
        by_source=tuple((row["channel"], row["source"], _arrivals(row)) for row in rows if row["grouped"] == _SOURCE),
        flags=tuple(sorted(flags.items(), key=lambda one: (-one[1], one[0]))),
        rejected=tuple(rejections(client, span)),
        newest=tuple(NewestArrival(**row) for row in _newest(client, scope, span)),
    )


def _newest(client: Client, scope: Scope, span: Span) -> list[Row]:
    from_s = max(0, span.to_ms - NEWEST_DAYS * DAY_MS) // HOUR_MS * HOUR_MS // 1000
    return read(client, "source_newest", tenant=scope.tenant, from_s=from_s, limit=MAX_ROWS)


def rejections(client: Client, span: Span) -> list[Rejections]:
    """Return the records that went to the quarantine in a range, by day and reason. They have no tenant."""
    rows = read(client, "rejected_days", zone=span.zone, from_ms=span.from_ms, to_ms=span.to_ms, limit=MAX_ROWS)
    return [
        Rejections(row["day"], row["reason"], row["records"], row["place"], row["newest_detail"], row["newest_ms"])
        for row in rows
    ]


def _arrivals(row: Row) -> Arrivals:
    return Arrivals(*(row[name] for name in Arrivals.__match_args__))

"""The rows of `events` in a simulated store: those that ClickHouse keeps, and what its rollups count."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from schemas.touch import Touch

Row = dict[str, Any]
Events = Mapping[tuple[int, int, bool], Row]  # by partition, offset, and whether it is a former revision


def newest_rows(events: Events) -> list[Row]:
    """Return the rows that `events` keeps: of each key the one that was inserted last."""
    newest: dict[tuple[object, ...], Row] = {}
    for _, row in sorted(events.items()):
        if row["change"] > 0:
            key = row["tenant"], row["folded_into"], row["occurred_at"], row["event_id"], row["channel"]
            assert (key in newest) == (row["change"] == 2), ("first or revision", key)
            newest[key] = row
    return list(newest.values())


def event_in(row: Row) -> tuple[object, ...]:
    """Return what a row has in common with its touch."""
    return tuple(row[name] for name in ("tenant", "folded_into", "event_id", "channel", "type", "weight"))


def event_of(touch: Touch) -> tuple[object, ...]:
    """Return what a touch has in common with its row."""
    owner = touch.ids[0].partition("|")[2] if touch.ids else ""
    return touch.tenant, owner, touch.event_id, touch.channel, touch.type, touch.weight


def rolled_up(events: Events) -> Counter[tuple[object, ...]]:
    """Return the number of touches by dimensions, as the views count them, without those of zero touches."""
    counts: Counter[tuple[object, ...]] = Counter()
    for row in events.values():
        names = ("tenant", "occurred_at", "channel", "type", "lead_source", "country", "bot", "weight")
        counts[tuple(row[name] for name in names)] += 1 if row["change"] > 0 else -1
    return Counter({key: count for key, count in counts.items() if count})


def dimensions_of(touch: Touch) -> tuple[object, ...]:
    """Return the dimensions by which a touch is counted."""
    country = touch.traits.get("$country", "")
    return (
        touch.tenant, touch.occurred_at_ms, touch.channel, touch.type, touch.source, country, touch.bot, touch.weight
    )  # fmt: skip

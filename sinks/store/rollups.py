"""The rollups of touches: their keys, and what a touch brings to each of their columns.

A column of `sums` is added up over touches; a row with `change` -1 takes its values back. A column of `marks` is an
aggregate that forgives a repeated touch, a set or a maximum; nothing is taken out of it (docs/decisions/030).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

UPTO: Final = "upto"  # the map of the activity offsets up to which a row counts
_FLOATS: Final = frozenset({"weight"})  # the others are whole numbers


@dataclass(frozen=True, slots=True)
class Mark:
    """A column of a set or a maximum: the aggregate `function` of `value`, over the touches for which `when` holds.

    `nothing` is any value of the same type.
    """

    function: str
    value: str
    when: str
    nothing: str


@dataclass(frozen=True, slots=True)
class Rollup:
    """A table with counts of touches per key and time. Its texts are SQL over the columns of `incoming`.

    `at` truncates the column `moment` to the column `time`. `dimensions` and `sums` map columns to what a touch has
    there. A key lacks touches where one of the sums `counts` is too small.
    """

    time: str
    at: str
    dimensions: Mapping[str, str]
    sums: Mapping[str, str]
    marks: Mapping[str, Mark] = field(default_factory=dict)
    where: str = "NOT beyond_window"
    moment: str = "occurred_at"
    counts: tuple[str, ...] = ("touches",)

    @property
    def key(self) -> str:
        """The columns of the sorting key."""
        return ", ".join(("tenant", self.time, *self.dimensions))

    @property
    def values(self) -> str:
        """The other columns."""
        return ", ".join((*self.sums, *self.marks, UPTO))

    @property
    def of_row(self) -> str:
        """The select list that makes the key of a row of `incoming` or `events`."""
        named = (name if name == value else f"{value} AS {name}" for name, value in self.dimensions.items())
        return ", ".join(("tenant", f"{self.at} AS {self.time}", *named))


def is_float(column: str) -> bool:
    """Return whether sums of a column may differ in their last bits."""
    return column in _FLOATS


def _same(*names: str) -> dict[str, str]:
    return {name: name for name in names}


_ANONYMOUS: Final = "startsWith(folded_into, 'anonymous_id:')"
_COUNTS: Final = {"touches": "toInt64(1)", "bots": "toInt64(bot)", "weight": "weight"}
_HOUR: Final = "toStartOfHour(toDateTime(occurred_at, 'UTC'))"
# Seconds of waiting, rounded up: to whole ones for two minutes, then to 10, after 20 minutes to 60; -1: unknown.
_WAITED: Final = (
    "toInt32(multiIf(ifNull(wait_s, -1) <= 120, ceil(ifNull(wait_s, -1)), "
    "wait_s <= 1200, ceil(ifNull(wait_s, -1) / 10) * 10, least(ceil(ifNull(wait_s, -1) / 60) * 60, 86400)))"
)
_PERSON: Final = "folded_into != '' AND NOT bot"

ROLLUPS: Final = {
    "touches_by_minute": Rollup(
        "minute", "toStartOfMinute(toDateTime(occurred_at, 'UTC'))", _same("channel", "type"), _COUNTS
    ),
    "touches_by_hour": Rollup(
        "hour", _HOUR, _same("channel", "type", "lead_source", "referrer_class", "device", "country"), _COUNTS
    ),
    "touches_by_day": Rollup(
        "day", "toDate(occurred_at, 'UTC')", {"hour": _HOUR, **_same("channel", "type")}, _COUNTS
    ),
    "campaigns_by_day": Rollup(
        "day",
        "toDate(occurred_at, 'UTC')",
        _same(
            "channel", "lead_source", "referrer_class", "campaign_source", "campaign_medium", "campaign_name",
            "campaign", "click_id_kind",
        ),
        {**_COUNTS, "forms": "toInt64(type = 'form' AND NOT bot)"},
        {
            "people": Mark("uniqCombinedState", "cityHash64(folded_into)", _PERSON, "toUInt64(0)"),
            "identified": Mark(
                "uniqCombinedState", "cityHash64(folded_into)", f"{_PERSON} AND NOT {_ANONYMOUS}", "toUInt64(0)"
            ),
        },
        where="NOT beyond_window AND (lead_source != '' OR campaign_name != '' OR campaign != '')",
    ),
    "calls_by_hour": Rollup(
        "hour",
        _HOUR,
        {**_same("direction", "type", "queue", "agent"), "waited_s": _WAITED},
        {"touches": "toInt64(1)", "talked_ms": "toInt64(round(least(ifNull(duration_s, 0), 1e9) * 1000))"},
        where="NOT beyond_window AND channel = 'calls'",
    ),
    "quality_by_hour": Rollup(
        "hour",
        "toStartOfHour(toDateTime(received_at, 'UTC'))",
        {**_same("channel", "source"), "flagged": "arrayStringConcat(arraySort(flags), ' ')"},
        {
            "touches": "toInt64(NOT beyond_window)",
            "bots": "toInt64(bot AND NOT beyond_window)",
            "late": "toInt64(too_late AND NOT beyond_window)",
            "anonymous": f"toInt64({_ANONYMOUS} AND NOT beyond_window)",
            "without_identifier": "toInt64(folded_into = '' AND NOT beyond_window)",
            "beyond": "toInt64(beyond_window)",
        },
        {"newest": Mark("max", "received_at", "1", "toDateTime64(0, 3, 'UTC')")},
        where="1",
        moment="received_at",
        counts=("touches", "beyond"),
    ),
}  # fmt: skip


def counts_of(rollup: str, rows: str) -> str:
    """Return the query of what rows of `incoming` bring to a rollup, as its view computes it.

    `rows` follows FROM: a table, or a query in brackets.
    """
    of = ROLLUPS[rollup]
    sums = [f"sum(sign(change) * ({value})) AS {name}" for name, value in of.sums.items()]
    marks = [f"{one.function}If({one.value}, change > 0 AND {one.when}) AS {name}" for name, one in of.marks.items()]
    columns = ", ".join((*sums, *marks, f"maxMap(map(activity_partition, activity_offset + 1)) AS {UPTO}"))
    return f"""
        SELECT {of.of_row}, {columns}
        FROM {rows}
        WHERE {of.where}
        GROUP BY {of.key}"""

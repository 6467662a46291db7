"""Tables for a view that is redrawn every second, with one line for each row at any width."""

from collections.abc import Sequence
from typing import Final

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from dashboards.answers.similar_touches import group_similar, summarise, with_count
from dashboards.answers.timeline import Entry
from dashboards.answers.top import Ranked
from dashboards.terminal.format import count, plain, points, when

WIDE: Final = 90  # columns of a terminal that shows everything


def live_top(ranked: Sequence[Ranked], width: int) -> Table:
    """Return the profiles with the highest scores; with touches and last seen if the terminal is wide."""
    wide = width >= WIDE
    made = _table({"": 0, "name": 3, "score": 0, "from": 2} | ({"touches": 0, "last seen": 0} if wide else {}), width)
    for one in ranked:
        who = plain(one.traits.get("name") or one.profile)
        if wide and one.traits.get("name"):
            who.append_text(plain(f"  {one.profile}", "dim"))
        row = [Text(str(one.place)), who, points(one.score.net), plain(one.last_source or one.first_source or "-")]
        made.add_row(*row, *((count(one.touches), when(one.last_seen_ms)) if wide else ()))
    return made


def live_timeline(entries: Sequence[Entry], width: int, rows: int) -> Table:
    """Return touches, newest first, in at most `rows` lines. Similar touches share a line."""
    wide = width >= WIDE
    made = _table({"when": 0, "touch": 0, "what": 2, "weight": 0}, width)
    for one, number in group_similar(entries)[:rows]:
        at = when(one.occurred_ms).plain
        made.add_row(
            at if wide else at[5:16].replace("T", " "),
            plain(f"{one.channel} {one.type}" if wide else one.type),
            plain(with_count(summarise(one), number)),
            points(one.weight, sign=True),
        )
    return made


def _table(columns: dict[str, int], width: int) -> Table:
    """`columns` gives 0 for a column of its natural width, else its share of the remaining width."""
    made = Table(box=SIMPLE_HEAD, pad_edge=False, width=width, show_edge=False)
    for name, share in columns.items():
        right = name in ("score", "weight", "touches", "")
        made.add_column(
            name, no_wrap=True, overflow="ellipsis", justify="right" if right else "left", ratio=share or None
        )
    return made

"""Touches over time by channel, by minute, hour or day of the viewer's time zone."""

from dataclasses import dataclass
from typing import Annotated, Final

from dashboards.answers.clear import CLEAR, Clear
from dashboards.answers.run_query import Client, read
from dashboards.answers.scope import Scope
from dashboards.answers.time_steps import Span, Step, starts_of

_HOUR_S: Final = 3_600


@dataclass(frozen=True, slots=True)
class ChannelActivity:
    """The touches of a channel, and those of them by bots: a number for each step."""

    channel: Clear
    touches: tuple[int, ...]
    bots: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Activity:
    """The touches of each step. `starts_ms` are the beginnings of the steps; the last step may reach beyond the range.

    Channels without touches are left out.
    """

    step: Annotated[Step, CLEAR]
    zone: Clear
    starts_ms: tuple[int, ...]
    channels: tuple[ChannelActivity, ...]


def activity(client: Client, scope: Scope, span: Span, step: Step) -> Activity:
    """Return the activity in the steps that contain a range.

    Raises UnanswerableError for too many steps. Where steps begin with an hour of UTC, or are days, few rows are read.
    """
    starts_ms = starts_of(span, step)
    starts_s = [max(start_ms, 0) // 1000 for start_ms in starts_ms]  # the first step may begin before 1970
    values = {"tenant": scope.tenant, "starts": starts_s, "from_s": starts_s[0]}
    to_s = -(-span.to_ms // 1000)
    if step is not Step.MINUTE and all(start_s % _HOUR_S == 0 for start_s in starts_s):
        found = read(client, "activity_hours", **values, to_s=span.hours_s["to_s"])
    elif step is Step.DAY:
        hours = sorted({at_s // _HOUR_S * _HOUR_S for at_s in (*starts_s, to_s)})
        found = read(client, "activity_split_hours", **values, to_s=to_s, hours=hours)
    else:
        found = read(client, "activity_minutes", **values, to_s=to_s)
    places = {start_s: place for place, start_s in enumerate(starts_s)}
    series: dict[str, tuple[list[int], list[int]]] = {}
    for row in found:
        touches, bots = series.setdefault(row["channel"], ([0] * len(starts_ms), [0] * len(starts_ms)))
        touches[places[row["start_s"]]], bots[places[row["start_s"]]] = row["touches"], row["bots"]
    channels = (ChannelActivity(name, tuple(touches), tuple(bots)) for name, (touches, bots) in series.items())
    return Activity(step, span.zone, tuple(starts_ms), tuple(one for one in channels if any(one.touches)))

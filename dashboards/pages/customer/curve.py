"""The curve of a score as a chart, with the touches that moved it below."""

from collections.abc import Sequence
from datetime import tzinfo
from typing import Final

from dashboards.answers.score_curve import ScoreCurve
from dashboards.answers.touches import Touch
from dashboards.pages import format as write
from dashboards.pages.charts import Chart, Series, Tick
from dashboards.pages.looks import look

_MOST_TICKS: Final = 60


def curve_chart(curve: ScoreCurve, touches: Sequence[Touch], zone: tzinfo) -> Chart:
    """Return the chart of a curve. `touches` are listed ones: those of its time that gave or took points are marked."""
    first_ms = curve.past[0][0]
    moved = [one for one in touches if one.gave and first_ms <= one.occurred_ms <= curve.at_ms][:_MOST_TICKS]
    largest = max((abs(one.gave) for one in moved), default=1.0)
    return Chart(
        "curve",
        _label(curve, zone),
        [Series("Score", [score for _, score in curve.past])],
        positions=[at_ms for at_ms, _ in curve.past],
        future=curve.future,
        threshold=(curve.hot_from, f"hot from {curve.hot_from:.0f}"),
        ticks=[Tick(one.occurred_ms, look(one.channel).hue, abs(one.gave) / largest) for one in moved],
        decimals=1,
    )


def _label(curve: ScoreCurve, zone: tzinfo) -> str:
    """Return what the chart shows, in words."""
    highest = max(score for _, score in curve.past)
    end_ms, end = curve.future[-1]
    words = f"Score: {write.points(curve.score)} now, at most {write.points(highest)} before"
    if curve.hot_until_ms is not None:
        words += (
            f", below {curve.hot_from:.0f} from {write.short_day(curve.hot_until_ms, zone)} without a further touch"
        )
    return f"{words}, {write.points(end)} on {write.short_day(end_ms, zone)}."

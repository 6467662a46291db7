"""The chart of a score."""

from datetime import UTC

from dashboards.answers.score_curve import ScoreCurve
from dashboards.pages.customer.curve import curve_chart
from tests.dashboards.pages.customer.examples import NOW_MS, touch


def test_chart_has_the_curve_and_the_touches_that_moved_it() -> None:
    past = ((NOW_MS - 3_600_000, 0.0), (NOW_MS - 60_000, 10.0), (NOW_MS - 60_000, 150.0), (NOW_MS, 148.0))
    curve = ScoreCurve(
        NOW_MS, 148.0, 100.0, NOW_MS - 60_000, NOW_MS + 9, past, ((NOW_MS, 148.0), (NOW_MS + 99, 74.0)), False
    )
    touches = [touch(1, gave=50.0), touch(2, gave=-5.0), touch(3, gave=0.0), touch(70, gave=9.0), touch(-5, gave=9.0)]
    chart = curve_chart(curve, touches, UTC)
    assert (chart.positions, chart.series[0].values) == ([at for at, _ in past], [score for _, score in past])
    assert [tick.size for tick in chart.ticks] == [1.0, 0.1]
    assert chart.threshold == (100.0, "hot from 100")
    assert chart.label.startswith("Score: 148.0 now, at most 150.0 before, below 100 from ")

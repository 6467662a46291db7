"""Charts as data and as tables, and the small ones that the server draws."""

import json
from datetime import UTC

from dashboards.pages.charts import Chart, Series, chart_json, chart_rows, sparkline, stacked

MINUTE_MS = 60_000


def chart() -> Chart:
    series = [Series("Visits", [1, 2.5, None], 0), Series("Calls", [0, 1, 2], 2)]
    times = [0, MINUTE_MS, 2 * MINUTE_MS]
    return Chart("area", "Touches", series, times, unit="/s", before=[3, None, 4], before_label="last Monday")


def test_the_table_has_the_numbers_of_the_chart_and_tells_none_from_zero() -> None:
    table = chart_rows(chart(), UTC)
    assert table.head == ("Time", "Visits, /s", "Calls, /s", "last Monday, /s")
    assert table.rows == [("00:00", "1", "0", "3"), ("00:01", "2.5", "1", "–"), ("00:02", "–", "2", "4")]


def test_names_and_days_can_be_positions() -> None:
    named = Chart("bars", "By queue", [Series("Calls", [3])], names=["sales"], times=False)
    assert chart_rows(named, UTC).rows == [("sales", "3")]
    days = Chart("line", "By day", [Series("Calls", [3, 4])], [0, 86_400_000], width_ms=86_400_000)
    assert [row[0] for row in chart_rows(days, UTC).rows] == ["1 Jan", "2 Jan"]


def test_scripts_get_the_same_data() -> None:
    assert json.loads(chart_json(chart()))["series"][0] == {"label": "Visits", "values": [1, 2.5, None], "hue": 0}


def test_a_sparkline_goes_from_the_lowest_to_the_highest() -> None:
    drawn = sparkline([1, 3, 2])
    assert drawn.line == "2,24 35.5,4 69,14"
    assert (drawn.x, drawn.y) == ("69", "14")
    assert sparkline([5, 5]).line == "2,24 69,24"


def test_parts_of_a_bar_stay_within_it() -> None:
    parts = stacked([("visits", 60), ("emails", 0), ("calls", -3), ("orders", 80)], 100, 100)
    assert [(one.name, one.x, one.width) for one in parts] == [("orders", "0", "78.8"), ("visits", "80", "18.8")]
    assert stacked([("visits", 1)], 0, 100) == []

"""Templates: what they are given is escaped, and what is missing is an error."""

from datetime import UTC

import pytest
from jinja2 import UndefinedError

from dashboards.pages.charts import Chart, Series
from dashboards.pages.environment import ENVIRONMENT

NOW_MS = 1_796_130_723_000
HOSTILE = "\"><script>alert(1)</script>'"
MACROS = '{% import "macros.html" as m with context %}'


def shown(template: str, **values: object) -> str:
    return ENVIRONMENT.from_string(MACROS + template).render(zone=UTC, now_ms=NOW_MS, here="/", **values)


def test_values_are_escaped_in_text_and_in_attributes() -> None:
    chart = Chart("bars", HOSTILE, [Series(HOSTILE, [1])], names=[HOSTILE], times=False)
    found = shown('<p title="{{ text }}">{{ text }}</p>{{ m.chart(chart) }}', text=HOSTILE, chart=chart)
    assert "<script" not in found
    assert HOSTILE not in found


def test_a_time_has_its_instant_and_its_zone() -> None:
    assert shown("{{ m.time(ms) }}", ms=NOW_MS - 4_000) == (
        '<time datetime="2026-12-01T13:11:59.000Z" title="Tue 1 December 2026, 13:11:59 UTC" data-form="ago">'
        "4\u00a0s ago</time>"
    )
    forms = [
        shown("{{ ms | time_text(form) }}", ms=NOW_MS, form=form) for form in ("clock", "day", "short_day", "full")
    ]
    assert forms == ["13:12", "Today", "1 Dec", "Tue 1 December 2026, 13:12:03 UTC"]


def test_a_large_number_has_the_exact_one_as_its_title() -> None:
    assert shown("{{ m.number(2384112) }}") == '<span title="2\u2009384\u2009112">2.38<small>M</small></span>'


def test_a_missing_variable_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        shown("{{ missing }}")

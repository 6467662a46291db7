"""The figures of the live view: rates, and a table of a fixed height."""

from rich.console import Console

from schemas.channels import CHANNELS
from touchline.demo.figures import Figures, Rates, figures_table

TOTALS = dict.fromkeys(CHANNELS, 0)


def test_rate_is_computed_since_the_last_call() -> None:
    rates = Rates()
    rates.at_s -= 10
    first = rates.since({"visits": 100})
    assert 9 < first["visits"] <= 10
    rates.at_s -= 10
    assert rates.since({"visits": 100}) == {"visits": 0.0}
    rates.at_s -= 10
    assert 0 < rates.since({"visits": 150, "calls": 10})["calls"] <= 1


def drawn(figures: Figures) -> list[str]:
    console = Console(width=100, record=True, file=open("/dev/null", "w", encoding="utf-8"))  # noqa: SIM115
    console.print(figures_table(figures))
    return [line.rstrip() for line in console.export_text().splitlines()]


def test_table_has_a_row_for_each_channel() -> None:
    nothing = drawn(Figures(TOTALS, dict.fromkeys(CHANNELS, 0.0), 0, 0, 0, {}))
    much = drawn(Figures({**TOTALS, "visits": 1_234_567}, dict.fromkeys(CHANNELS, 99.6), 5, 6, 7, {"timeline": 8}))
    assert len(nothing) == len(much) == len(CHANNELS) + 5
    assert [name in "\n".join(much) for name in CHANNELS] == [True] * len(CHANNELS)
    assert nothing[-1] == "waiting      nothing"
    assert much[-1] == "waiting      timeline 8"
    assert any("1,234,567" in line and line.endswith("100") for line in much)

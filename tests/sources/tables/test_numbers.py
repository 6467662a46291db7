"""Numbers in the cells of tables."""

import pytest

from tests.sources.tables.reading import CALLS, WHEN, csv_of, jsonl_of, touches


@pytest.mark.parametrize(
    ("cell", "value"),
    [("12", 12), ("12.5", 12.5), ("0", 0), ("-1", -1)],
)
def test_cells_of_numbers_become_numbers(cell: str, value: float) -> None:
    (made,) = touches(csv_of(f"type,occurred_at,duration_s,queue\nanswered,{WHEN},{cell},12\n", CALLS))
    assert made["duration_s"] == value
    assert made["queue"] == "12"


def test_zero_is_a_number() -> None:
    line = (
        f'{{"type": "missed", "occurred_at": "{WHEN}", "customer_id": 0, "duration_s": 0, "ids": {{"crm": 0}}, "n": 0}}'
    )
    (made,) = touches(jsonl_of(line, CALLS))
    assert (made["customer_id"], made["duration_s"], made["ids"], made["properties"]) == (0, 0, {"crm": 0}, {"n": 0})

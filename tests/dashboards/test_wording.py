"""The words of a touch."""

from decimal import Decimal
from typing import Any, get_args

import pytest

from dashboards.wording import Wording, amount_text, columns, duration_text, word
from schemas.channels import CHANNELS
from schemas.columns import EVENT_HEAD

TYPES = [
    (channel, type_)
    for channel, model in CHANNELS.items()
    for type_ in get_args(model.model_fields["type"].annotation)
    if type_ not in model.PINGS
]


@pytest.mark.parametrize(("channel", "type_"), TYPES)
def test_each_type_of_each_channel_has_a_title(channel: str, type_: str) -> None:
    values = {name: f"<{name}>" for name in columns(channel)}
    first = word(channel, type_, values)
    assert type_ in CHANNELS[channel].TITLES
    assert first.title
    assert "{" not in first.title


@pytest.mark.parametrize("channel", CHANNELS)
def test_titles_name_types_and_columns_of_their_channel(channel: str) -> None:
    model = CHANNELS[channel]
    assert set(model.TITLES) == {type_ for name, type_ in TYPES if name == channel}
    assert set(columns(channel)) <= {column.name for column in model.COLUMNS} | {"campaign"}
    assert set(columns(channel)) <= {column.name for column in EVENT_HEAD}


@pytest.mark.parametrize(
    ("channel", "type_", "values", "title", "detail"),
    [
        (
            "visits",
            "page",
            {"url": "https://shop.example/pricing?utm_source=x", "title": "Pricing", "engaged_ms": 41_500.0},
            "Viewed /pricing",
            "“Pricing” · engaged 0:42",
        ),
        ("visits", "page", {"url": "https://shop.example"}, "Viewed /", ""),
        ("visits", "page", {"url": "https://[broken"}, "Viewed https://[broken", ""),
        ("visits", "custom", {"name": "Trial started"}, "Trial started", ""),
        ("visits", "custom", {"app_name": "Field"}, "Did something", "app name Field"),
        ("emails", "clicked", {"subject": "Offers", "link_url": "https://a.example/autumn"}, "Clicked in “Offers”",
         "link /autumn"),
        ("calls", "answered", {"duration_s": 520.0, "agent": "kim", "outcome": "callback"}, "Call of 8:40 with kim",
         "outcome callback"),
        ("calls", "abandoned", {"wait_s": 18.0, "direction": "inbound"}, "Gave up after waiting 0:18", ""),
        ("calls", "missed", {"direction": "inbound"}, "Missed call", "direction inbound"),
        ("orders", "paid", {"total": "25.90", "currency": "EUR", "order_id": "O-1"}, "Paid 25.90 EUR", "order O-1"),
        ("feedback", "given", {"score": 9.0, "scale": 10.0, "text": "Quick."}, "Gave 9 of 10", "“Quick.”"),
        ("feedback", "given", {"score": 9.0}, "Gave 9", ""),
        ("meetings", "booked", {"title": "First talk"}, "Booked “First talk”", ""),
        ("visits", "new_type", {"url": "https://a.example/x"}, "New type", "/x"),
        ("faxes", "sent", {"subject": "Hello"}, "faxes: sent", ""),
    ],
)  # fmt: skip
def test_words(channel: str, type_: str, values: dict[str, Any], title: str, detail: str) -> None:
    assert word(channel, type_, values) == Wording(title, detail)


def test_braces_in_a_value_stay_as_they_are() -> None:
    assert word("emails", "opened", {"subject": "{name}"}).title == "Opened “{name}”"


@pytest.mark.parametrize(("seconds", "text"), [(24, "0:24"), (520, "8:40"), (59.6, "1:00"), (4_320, "1 h 12 min")])
def test_durations(seconds: float, text: str) -> None:
    assert duration_text(seconds) == text


@pytest.mark.parametrize(("amount", "text"), [("25.9", "25.90"), ("25", "25"), ("1000", "1000"), ("0.1234", "0.1234")])
def test_amounts(amount: str, text: str) -> None:
    assert amount_text(Decimal(amount)) == text

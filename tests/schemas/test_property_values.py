"""Properties become texts, and numbers where they are some."""

import pytest

from schemas.property_values import LONGEST_NAME, numbers_of, text_of, texts_of


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("é\x00", "é\x00"),
        ("", ""),
        ("1", "1"),
        (1, "1"),
        (1.5, "1.5"),
        (2**80, "1208925819614629174706176"),
        (True, "true"),
        (None, "null"),
        ({"a": [1, "é"]}, '{"a":[1,"é"]}'),
    ],
)
def test_text_is_unchanged_and_other_values_become_json(value: object, text: str) -> None:
    assert text_of(value) == text


def test_properties_are_texts_without_null() -> None:
    assert texts_of({"a": "x", "b": 1, "c": None, "d": [None]}) == {"a": "x", "b": "1", "d": "[null]"}


@pytest.mark.parametrize(
    ("properties", "numbers"),
    [
        ({}, {}),
        ({"seats": 3, "rate": 0.5, "debt": -2}, {"seats": 3.0, "rate": 0.5, "debt": -2.0}),
        ({"text": "3", "flag": True, "none": None, "list": [1], "": 0}, {"": 0.0}),
        ({"cart": {"total": 5, "code": "A", "sent": False, "more": {"a": 1}}}, {"cart.total": 5.0}),
        ({"cart.total": "five", "cart": {"total": 5}}, {}),
        ({"cart.total": 4, "cart": {"total": 5}}, {"cart.total": 4.0}),
        ({"huge": 10**400, "large": 10**300}, {"large": 1e300}),
        ({"x" * LONGEST_NAME: 1, "x" * (LONGEST_NAME + 1): 1}, {"x" * LONGEST_NAME: 1.0}),
    ],
)
def test_numbers_of_properties(properties: dict[str, object], numbers: dict[str, float]) -> None:
    found = numbers_of(properties)
    assert found == numbers
    assert all(type(value) is float for value in found.values())

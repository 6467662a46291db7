"""Masking of identifiers and texts, by the types of answers."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.answers.clear import Clear
from dashboards.api.security.masking import HIDDEN, mask, mask_text


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("email:maria@nordlicht.example", "email:m···@nordlicht.example"),
        ("maria@nordlicht.example", "m···@nordlicht.example"),
        ("phone:+4930901820", "phone:+49 ··· 820"),
        ("customer_id:4711", "customer_id:···"),
        ("https://shop.example/?mail=a@b.c", "···"),
        ("Re: offer for Maria", "···"),
        ("maria:secret", "···"),
        ("", ""),
    ],
)
def test_forms_of_identifiers(text: str, masked: str) -> None:
    assert mask_text(text) == masked


@dataclass(frozen=True)
class Inner:
    page: str
    channel: Clear
    points: float


@dataclass(frozen=True)
class Answer:
    profile: str
    country: Clear
    inner: Inner
    listed: tuple[Inner, ...]
    by_channel: dict[Clear, int]
    by_page: dict[str, int]
    pairs: list[tuple[Clear, str]]
    seen_ms: int | None
    maybe: str | None = None


VALUE = Answer(
    "email:m@a.example",
    "DE",
    Inner("/secret", "visits", 1.5),
    (Inner("/other", "calls", 2.0),),
    {"visits": 1},
    {"/secret": 1},
    [("visits", "text")],
    7,
    "free text",
)


def test_only_clear_fields_stay() -> None:
    assert mask([VALUE]) == [
        Answer(
            "email:m···@a.example",
            "DE",
            Inner(HIDDEN, "visits", 1.5),
            (Inner(HIDDEN, "calls", 2.0),),
            {"visits": 1},
            {HIDDEN: 1},
            [("visits", HIDDEN)],
            7,
            HIDDEN,
        )
    ]
    assert mask(5) == 5


@given(st.text(min_size=4, alphabet=st.characters(exclude_characters="@:+·")))
def test_no_text_without_a_form_is_shown(text: str) -> None:
    assert mask_text(text) == HIDDEN
    assert text not in mask_text(f"email:{text}@a.example")

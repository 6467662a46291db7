"""Examples of answers, which fit the types that they are made from."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal

import msgspec
import pytest

from dashboards.answers.clear import Clear
from dashboards.api.endpoints import ROUTERS
from dashboards.api.examples import AT_MS, example_of


class Length(StrEnum):
    SHORT = "short"
    LONG = "long"


@dataclass(frozen=True)
class Inner:
    channel: Clear
    points: float | None


@dataclass(frozen=True)
class Answer:
    profile: str
    seen_ms: int
    way: Literal["call", "write"]
    parts: tuple[Inner, ...]
    by: dict[Clear, int]
    pair: tuple[int, str]
    hot: bool
    length: Length


def test_each_type_has_a_value() -> None:
    assert example_of(list[Answer]) == [
        {
            "profile": "customer_id:4711",
            "seen_ms": AT_MS,
            "way": "call",
            "parts": [{"channel": "visits", "points": 12.5}],
            "by": {"text": 3},
            "pair": [3, "text"],
            "hot": True,
            "length": "short",
        }
    ]


def answers() -> list[tuple[str, Any]]:
    found = []
    for router in ROUTERS:
        for route in router.routes:
            model = getattr(route, "responses", {}).get(200, {}).get("model")
            if model is not None:
                found.append((route.path, model))  # type: ignore[attr-defined]
    return found


@pytest.mark.parametrize(("path", "model"), answers())
def test_examples_have_the_types_of_the_endpoints(path: str, model: Any) -> None:
    msgspec.convert(example_of(model), model)

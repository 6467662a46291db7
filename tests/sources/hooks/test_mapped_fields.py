"""Bodies and mappings, apart from the samples of the generic adapter."""

import pytest

from sources.collected import Collected
from sources.hooks.hook_request import HookRequest
from sources.hooks.mapped_fields import map_body
from sources.hooks.provider import Unmappable
from sources.hooks.toml_mapping import rules_of

MAPPING = """
[[touch]]
channel = "feedback"
when = "score != null"
time_zone = "Europe/Berlin"
[touch.fields]
type = "'given'"
occurred_at = "at"
score = "score"
customer_id = "id"
text = "text"
"""


def mapped(body: bytes, mapping: str = MAPPING) -> list[Collected] | Unmappable:
    return map_body(rules_of(mapping), HookRequest("POST", "", {}, {}, body, 0), "r")


@pytest.mark.parametrize(
    "body",
    [
        b'{"at": "2026-11-30 11:31:40", "score": 9, "id": 7}',
        b'[{"at": "2026-11-30 11:31:40", "score": 9, "id": "7"}, {"score": null}, 5]',
        b"at=2026-11-30+11%3A31%3A40&score=9&id=7",
    ],
)
def test_json_lists_and_forms_are_read_alike(body: bytes) -> None:
    found = mapped(body)
    assert not isinstance(found, Unmappable)
    touch = {"event_id": "r:0", "type": "given", "occurred_at": 1_796_034_700_000, "score": 9, "customer_id": "7"}
    assert found == [Collected("feedback", touch)]


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        (b"", "the body is no JSON"),
        (b"[]", "no [[touch]] of the mapping applies to the body"),
        (b'{"score": 9}', "occurred_at: Field required"),
        (b'{"score": "x", "at": 1796034700000}', "score: could not convert"),
        (b'{"score": -1, "at": 1796034700000}', "score: Input should be greater"),
        (b'{"score": 1, "at": "30.11.2026"}', "occurred_at: "),
        (b'{"score": 1, "at": 1796034700000, "text": {}}', ""),
        (b'{"score": 1, "at": 1796034700000, "text": [1]}', "text: "),
    ],
)
def test_what_cannot_be_mapped(body: bytes, detail: str) -> None:
    found = mapped(body)
    assert (found.detail if isinstance(found, Unmappable) else "").startswith(detail)
    assert isinstance(found, Unmappable) == bool(detail)


def test_an_expression_that_fails_is_named() -> None:
    found = mapped(b'{"score": 1, "at": 1}', MAPPING.replace('"at"', '"abs(text)"'))
    assert isinstance(found, Unmappable)
    assert found.detail.startswith("occurred_at: ")
    found = mapped(b'{"score": 1, "at": 1}', MAPPING.replace("score != null", "starts_with(score, 'x')"))
    assert isinstance(found, Unmappable)
    assert found.detail.startswith("each or when cannot be evaluated: ")

"""Help Scout's objects, apart from what holds for every adapter."""

import pytest

from sources.collected import Collected
from tests.sources.hooks.samples.helpscout import CONVERSATION, RATING
from tests.sources.hooks.webhooks import map_payload


@pytest.mark.parametrize(
    ("event", "payload", "fields"),
    [
        ("satisfaction.ratings", {**RATING, "rating": "Superb"}, {"text": "Quick."}),
        ("satisfaction.ratings", {**RATING, "ticketId": None, "conversationId": 8}, {"ticket_id": 8, "score": 3}),
        ("convo.customer.reply.created", {**CONVERSATION, "_embedded": None}, {"type": "received"}),
    ],
)
def test_objects_with_other_parts(event: str, payload: dict[str, object], fields: dict[str, object]) -> None:
    touches = map_payload("helpscout", payload, headers={"x-helpscout-event": event})
    assert isinstance(touches, list)
    (touch,) = touches
    assert isinstance(touch, Collected)
    assert fields.items() <= touch.touch.items()


def test_an_unknown_rating_has_no_score() -> None:
    touches = map_payload("helpscout", {**RATING, "rating": ""}, headers={"x-helpscout-event": "satisfaction.ratings"})
    assert isinstance(touches, list)
    assert {"score", "scale"}.isdisjoint(touches[0].touch)

"""What a person agrees to, after the real pipeline."""

from random import Random

from dashboards.answers.consent import Decision, consent
from dashboards.answers.scope import Scope
from tests.dashboards.conftest import Place
from tests.dashboards.journey import Journey
from tests.dashboards.people import START_MS

ADA = "customer_id:1"


def test_the_latest_decision_by_any_identifier_of_a_person_counts(place: Place) -> None:
    journey = Journey(Random(1))
    decisions = [
        (3, "withdrawn", "marketing", "email", {"email": "ada@example.org"}),
        (1, "given", "marketing", "email", {"customer_id": "1", "email": "ada@example.org"}),
        (2, "given", "analytics", "", {"customer_id": "1"}),
        (4, "given", "marketing", "email", {"customer_id": "2"}),
    ]
    for minute, state, purpose, contact_channel, who in decisions:
        at_ms = START_MS + minute * 60_000
        touch = {"type": state, "purpose": purpose, "contact_channel": contact_channel, "occurred_at": at_ms, **who}
        journey.send("consents", touch, at_ms)
    journey.run()
    journey.store(place.writer)
    assert consent(place.reader, Scope(), ADA) == [
        Decision("analytics", "", "given", START_MS + 2 * 60_000),
        Decision("marketing", "email", "withdrawn", START_MS + 3 * 60_000),
    ]
    assert consent(place.reader, Scope("other"), ADA) == []

"""The whole page of one customer agrees with the answers that it is made of."""

from dashboards.answers.customer import customer
from dashboards.answers.profile import profile
from dashboards.answers.scope import Scope
from sinks.clickhouse.client import Client
from tests.dashboards.journey import HALF_LIFE_MS
from tests.dashboards.people import END_MS

MAIN = Scope()


def test_any_identifier_leads_to_the_customer(lived: Client) -> None:
    whole = customer(lived, MAIN, "customer_id:c1", at_ms=END_MS, half_life_ms=HALF_LIFE_MS)
    assert whole is not None
    assert whole.profile == profile(lived, MAIN, "customer_id:c1", at_ms=END_MS, half_life_ms=HALF_LIFE_MS)
    assert len(whole.page.touches) == 50
    assert sum(one.touches for one in whole.rules) >= whole.profile.touches
    weakest = whole.profile.members[-1].identifier
    assert customer(lived, MAIN, weakest, at_ms=END_MS, half_life_ms=HALF_LIFE_MS) == whole


def test_unknown_identifier_is_no_customer(lived: Client) -> None:
    assert customer(lived, MAIN, "customer_id:nobody", at_ms=END_MS, half_life_ms=HALF_LIFE_MS) is None

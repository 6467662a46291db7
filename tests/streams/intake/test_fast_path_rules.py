"""Rules and lookups give the same results on both paths."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.channels import CHANNELS
from streams.enrichment.country import EnrichFailed
from streams.enrichment.pipeline import Lookups
from streams.intake.decoder import IntakeConfig
from streams.rules.evaluator import Rules, load_rules
from tests.scale import scaled
from tests.schemas.touches import FULL, LEAST, as_bytes, changed
from tests.streams.intake.fast_reading import agree, both, likely
from tests.streams.intake.reading import CONFIG, channels, mutations

RULES = """
[[rule]]
name = "pricing"
channel = "visits"
when = { url_path = { starts_with = "/pricing" }, bot = false, engaged_ms = { ">=" = 1000 } }
weight = 7
[[rule]]
name = "german"
channel = "visits"
type = "page"
when = { country = "DE", "properties.plan" = "pro", tenant = "main", event_id = { exists = true } }
weight = 3
cap = 2
cap_per = "properties.plan"
[[rule]]
name = "searched"
channel = "visits"
when = { referrer_class = "search", campaign_source = { "!=" = "news" } }
weight = 2
cap = 1
cap_per = "referrer_host"
[[rule]]
name = "desk"
channel = "visits"
when = { device = "desktop", browser = "Firefox", lead_source = "", source = "" }
weight = 1
[[rule]]
name = "mailing"
channel = "emails"
when = { campaign = { contains = "spring" }, device = "" }
weight = 4
cap = 1
cap_per = "subject"
[[rule]]
name = "long"
channel = "calls"
when = { duration_s = { ">" = 60 }, direction = "inbound", queue = ["sales", "x"], bot = false, url_host = "" }
weight = 9
[[rule]]
name = "any"
channel = "calls"
weight = -1
"""


def rules_of(text: str) -> Rules:
    rules = load_rules(text, "rules.toml")
    assert isinstance(rules, Rules), [str(error) for error in rules]
    return rules


OTHER: IntakeConfig = replace(CONFIG, rules=rules_of(RULES), region="", order=("email", "crm"))


@pytest.mark.parametrize("channel", CHANNELS)
def test_rules_that_ask_are_answered(channel: str) -> None:
    assert agree(channel, as_bytes(FULL[channel]), OTHER)
    assert agree(channel, as_bytes(LEAST[channel]), OTHER)


@given(st.data(), channels)
@settings(max_examples=scaled(100), deadline=None)
def test_rules_see_the_same_columns(data: st.DataObject, channel: str) -> None:
    agree(channel, as_bytes(data.draw(likely(channel) | mutations(channel))), OTHER)


class Countries:
    """Knows one address, and one that it fails on."""

    def country(self, ip: str) -> str | EnrichFailed:
        if ip == "broken":
            return EnrichFailed("country", "the database is broken")
        return {"198.51.100.7": "FR"}.get(ip, "")


@pytest.mark.parametrize(
    ("ip", "fast"), [("198.51.100.7", True), ("203.0.113.9", True), ("", True), (None, True), ("broken", False)]
)
@pytest.mark.parametrize("channel", ["visits", "emails"])
def test_countries_by_address(channel: str, ip: str | None, fast: bool) -> None:
    config = replace(CONFIG, lookups=Lookups(Countries()))
    value = as_bytes(changed(channel, ip=ip, phone="+4930901820"))
    assert agree(channel, value, config) is fast
    assert both(channel, value, config)[1] is not None

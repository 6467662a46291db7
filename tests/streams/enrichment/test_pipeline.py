"""Enrichment of touches of every channel; a failed step does not hold a touch back."""

from typing import Any

import pytest

from schemas.channels import CHANNELS
from schemas.columns import EVENT_HEAD, EVENT_TAIL
from schemas.flags import Flag
from streams.enrichment.country import EnrichFailed
from streams.enrichment.pipeline import Enriched, Lookups, enrich
from tests.schemas.touches import FULL, LEAST, changed

BOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"


def enriched(channel: str, touch: dict[str, Any], lookups: Lookups | None = None, phone: str = "") -> Enriched:
    raw = CHANNELS[channel].model_validate(touch)
    return enrich(raw, (f"phone:{phone}",) if phone else (), lookups or Lookups())


class Countries:
    """A database of two addresses, one of which it fails at."""

    def country(self, ip: str) -> str | EnrichFailed:
        return EnrichFailed("country_by_ip", "broken") if ip == "203.0.113.9" else {"198.51.100.7": "NL"}.get(ip, "")


def test_a_visit_tells_everything() -> None:
    found = enriched("visits", FULL["visits"])
    assert found.fields == {
        "url_host": "shop.example.org",
        "url_path": "/pricing",
        "referrer_host": "www.google.com",
        "referrer_class": "search",
        "campaign_source": "news",
        "campaign_medium": "email",
        "campaign_name": "Spring",
        "campaign_term": "",
        "campaign_content": "",
        "click_id": "g1",
        "click_id_kind": "gclid",
        "lead_source": "news",
        "device": "desktop",
        "os": "Linux",
        "browser": "Firefox",
        "bot": False,
        "country": "",
    }
    assert (found.page, found.source, found.medium) == ("shop.example.org/pricing", "news", "email")
    assert (found.campaign, found.bot, found.flags) == ("Spring", False, ())
    assert found.traits == {"name": "Ada", "age": "36", "$device": "desktop"}


@pytest.mark.parametrize("channel", CHANNELS)
def test_nothing_told_is_nothing_known(channel: str) -> None:
    found = enriched(channel, LEAST[channel])
    known = {"url_host": "shop.example.org", "url_path": "/", "referrer_class": "direct"} if channel == "visits" else {}
    assert {name: value for name, value in found.fields.items() if value} == known
    assert (found.bot, found.source, found.campaign, found.traits, found.flags) == (False, "", "", {}, ())


@pytest.mark.parametrize("channel", CHANNELS)
def test_what_is_found_out_has_columns_that_no_schema_names(channel: str) -> None:
    """Otherwise a producer could fill them, or would lose what it sent."""
    found = enriched(channel, FULL[channel]).fields.keys()
    assert found < {column.name for column in EVENT_HEAD}
    tail = {column.name for column in EVENT_TAIL}
    assert not (found | tail) & CHANNELS[channel].model_fields.keys()


def test_a_clicked_link_tells_the_campaign() -> None:
    found = enriched("emails", FULL["emails"])
    assert (found.campaign, found.fields["campaign_name"], found.fields["url_host"]) == ("Spring", "Spring", "")


def test_a_mailing_is_a_campaign_where_the_link_names_none() -> None:
    assert enriched("emails", changed("emails", campaign="spring-2026")).campaign == "spring-2026"


@pytest.mark.parametrize("channel", ["visits", "emails"])
def test_bots(channel: str) -> None:
    found = enriched(channel, changed(channel, user_agent=BOT))
    assert (found.bot, found.fields["bot"], found.fields["device"]) == (True, True, "bot")


@pytest.mark.parametrize(
    ("ip", "phone", "country", "flags"),
    [
        ("198.51.100.7", "", "NL", ()),
        ("198.51.100.7", "+4930901820", "NL", ()),
        ("192.0.2.1", "+4930901820", "DE", ()),
        ("192.0.2.1", "", "", ()),
        ("203.0.113.9", "+4930901820", "DE", (Flag.ENRICH_FAILED,)),
        ("203.0.113.9", "", "", (Flag.ENRICH_FAILED,)),
        (None, "+4930901820", "DE", ()),
        ("no address", "", "", ()),
    ],
)
def test_countries(ip: str | None, phone: str, country: str, flags: tuple[Flag, ...]) -> None:
    found = enriched("visits", changed("visits", ip=ip), Lookups(Countries()), phone)
    assert (found.fields["country"], found.flags) == (country, flags)
    assert found.traits.get("$country", "") == country


class BrokenCountries:
    """A database that does what it never should."""

    def country(self, ip: str) -> str | EnrichFailed:
        raise RuntimeError(f"no answer for {ip}")


REFERRER = {"referrer_host": "", "referrer_class": "direct"}
CAMPAIGN = {
    "campaign_source": "",
    "campaign_medium": "",
    "campaign_name": "",
    "click_id": "",
    "click_id_kind": "",
    "lead_source": "google",
}
DEVICE = {"device": "", "os": "", "browser": ""}


@pytest.mark.parametrize(
    ("step", "emptied", "traits_lost"),
    [
        ("referrer_host", REFERRER, []),
        ("classify", REFERRER, []),
        ("read_campaign", CAMPAIGN, []),
        ("read_device", DEVICE, ["$device"]),
        ("country_of_phone", {"country": ""}, ["$country"]),
        ("text_of", {}, ["age", "name"]),
    ],
)
def test_a_step_that_raises_costs_what_it_would_have_told(
    step: str, emptied: dict[str, str], traits_lost: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = enriched("visits", FULL["visits"], phone="+4930901820")
    monkeypatch.setattr(f"streams.enrichment.pipeline.{step}", lambda *given: 1 // 0)
    found = enriched("visits", FULL["visits"], phone="+4930901820")
    assert found.fields == whole.fields | emptied
    assert sorted(whole.traits.keys() - found.traits.keys()) == traits_lost
    assert (found.flags, whole.flags) == ((Flag.ENRICH_FAILED,), ())


def test_where_the_database_raises_the_phone_tells() -> None:
    found = enriched("visits", changed("visits", ip="198.51.100.7"), Lookups(BrokenCountries()), "+4930901820")
    assert (found.fields["country"], found.flags) == ("DE", (Flag.ENRICH_FAILED,))


def test_without_a_database_nobody_is_asked() -> None:
    assert enriched("visits", changed("visits", ip="203.0.113.9")).flags == ()


@pytest.mark.parametrize(
    ("traits", "kept"),
    [
        ({"name": "Ada", "age": 36, "tags": ["a"]}, {"name": "Ada", "age": "36", "tags": '["a"]'}),
        ({"$country": "DE", "$device": "x", "$": "y", "gone": None}, {}),
        ([], {}),
        ("Ada", {}),
        (None, {}),
    ],
)
def test_traits_are_told_by_an_object_and_ours_by_nobody(traits: object, kept: dict[str, str]) -> None:
    assert enriched("calls", changed("calls", properties={"traits": traits})).traits == kept


@pytest.mark.parametrize("value", ["https://a.example/?gclid=1", BOT, 5, {"a": 1}, ["x"], True])
def test_fields_of_another_channel_are_not_looked_at(value: object) -> None:
    """They are made up, and can be of any type."""
    names = ("url", "link_url", "referrer", "user_agent", "ip", "campaign", "bot", "country")
    found = enriched("calls", changed("calls", **dict.fromkeys(names, value)), Lookups(Countries()))
    assert found == enriched("calls", LEAST["calls"])


ARRIVALS = [
    ({"url": "https://shop.example.org/#utm_source=news&utm_medium=email"}, ("shop.example.org/", "news", "email")),
    ({"url": "https://shop.example.org/?utm_source=%20&utm_source=b"}, ("shop.example.org/", "b", "")),
    ({"url": "https://shop.example.org/a?gad_source=1"}, ("shop.example.org/a", "google", "cpc")),
    ({"url": "https://shop.example.org/#/offers?gclid=g"}, ("shop.example.org/", "google", "cpc")),
    (
        {"referrer": "android-app://com.google.android.googlequicksearchbox/"},
        ("shop.example.org/", "google", "organic"),
    ),
]


@pytest.mark.parametrize(("touch", "origin"), ARRIVALS)
def test_where_a_visit_came_from(touch: dict[str, Any], origin: tuple[str, str, str]) -> None:
    found = enriched("visits", changed("visits", **touch))
    assert (found.page, found.source, found.medium) == origin


@pytest.mark.parametrize("path", ["/caf%C3%A9", "/caf\u00e9", "/caf%c3%a9"])
def test_a_page_is_one_and_its_address_stays_as_it_came(path: str) -> None:
    raw = CHANNELS["visits"].model_validate(changed("visits", url=f"https://shop.example.org{path}"))
    found = enrich(raw, (), Lookups())
    assert (found.page, found.fields["url_path"]) == ("shop.example.org/caf%C3%A9", "/caf%C3%A9")
    assert raw.fields["url"] == f"https://shop.example.org{path}"


def test_a_clicked_link_is_tagged_behind_the_hash() -> None:
    link = "https://shop.example.org/#!/offers?utm_source=news&utm_campaign=Spring"
    found = enriched("emails", changed("emails", type="clicked", link_url=link))
    assert (found.source, found.campaign) == ("news", "Spring")

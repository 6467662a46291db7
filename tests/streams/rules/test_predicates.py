"""Conditions of rules, evaluated on the fields of touches."""

from collections.abc import Mapping

from tests.streams.rules.reading import one_rule
from tests.tables import table


@table(
    ("when", "fields", "matches"),
    [
        ('{ url_path = "/a" }', {"url_path": "/a"}, True),
        ('{ url_path = "/a" }', {"url_path": "/A"}, False),
        ('{ url_path = "/caf\u00e9" }', {"url_path": "/caf%C3%A9"}, True),
        ('{ url_path = ["/caf%c3%a9", "/x y"] }', {"url_path": "/x%20y"}, True),
        ('{ url_path = { contains = "\u00e9" } }', {"url_path": "/caf%C3%A9/x"}, True),
        ('{ campaign_name = "/caf\u00e9" }', {"campaign_name": "/caf\u00e9"}, True),
        ('{ url_path = "" }', {}, True),
        ('{ url_path = { "!=" = "/a" } }', {}, True),
        ('{ url_path = { "!=" = "/a" } }', {"url_path": "/a"}, False),
        ('{ country = ["DE", "AT"] }', {"country": "AT"}, True),
        ('{ country = { in = ["DE", "AT"] } }', {"country": "CH"}, False),
        ('{ url_path = { contains = "pric" } }', {"url_path": "/my/pricing"}, True),
        ('{ url_path = { starts_with = "/pric" } }', {"url_path": "/my/pricing"}, False),
        ('{ url_path = { ends_with = "ing" } }', {"url_path": "/my/pricing"}, True),
        ("{ url_path = { exists = true } }", {"url_path": ""}, False),
        ("{ url_path = { exists = false } }", {}, True),
        ('{ engaged_ms = { ">=" = 5 } }', {"engaged_ms": 5.0}, True),
        ('{ engaged_ms = { ">" = 5 } }', {"engaged_ms": 5.0}, False),
        ('{ engaged_ms = { ">" = 5, "<" = 6 } }', {"engaged_ms": 5.5}, True),
        ('{ engaged_ms = { ">" = 5, "<" = 6 } }', {"engaged_ms": 6}, False),
        ('{ engaged_ms = { "<=" = 5 } }', {"engaged_ms": None}, False),
        ('{ engaged_ms = { "!=" = 5 } }', {"engaged_ms": None}, True),
        ("{ engaged_ms = [1, 2.5] }", {"engaged_ms": 2.5}, True),
        ("{ engaged_ms = { exists = true } }", {"engaged_ms": 0.0}, True),
        ("{ bot = true }", {"bot": True}, True),
        ("{ bot = true }", {}, False),
        ("{ bot = { '!=' = true } }", {}, True),
        ('{ "properties.plan" = "pro" }', {"properties": {"plan": "pro"}}, True),
        ('{ properties.plan = "pro" }', {"properties": {"plan": "pro"}}, True),
        ('{ "properties.plan" = "pro" }', {"properties": {}}, False),
        ('{ "properties.seats" = { ">=" = 10 } }', {"properties": {"seats": "10.000"}}, True),
        ('{ "properties.seats" = { ">=" = 10 } }', {"properties": {"seats": " 10"}}, False),
        ('{ "properties.seats" = { ">=" = 10 } }', {"properties": {"seats": "1e3"}}, False),
        ('{ "properties.seats" = { ">=" = 10 } }', {"properties": {"seats": "10\n"}}, False),
        ('{ "properties.seats" = { ">=" = 10 } }', {"properties": {"seats": "١٢"}}, False),
        ('{ "properties.seats" = 10 }', {"properties": {"seats": "010"}}, True),
        ('{ "properties.seats" = { "!=" = 10 } }', {"properties": {"seats": "many"}}, True),
        ('{ url_path = "/a", country = "DE" }', {"url_path": "/a", "country": "FR"}, False),
    ],
)
def test_conditions(when: str, fields: Mapping[str, object], matches: bool) -> None:
    match = one_rule(when=when).match({"channel": "visits", "type": "page", **fields})
    assert (match.rule == "r") is matches

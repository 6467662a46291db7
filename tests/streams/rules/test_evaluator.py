from collections.abc import Mapping
from pathlib import Path

import pytest

from schemas.channels import CHANNELS
from streams.rules.evaluator import Match, Rules, load_rules
from tests.streams.rules.reading import TYPES, one_rule, rules_of

DEFAULTS = Path("streams/rules/default.toml").read_text()


def test_the_first_rule_that_matches_wins() -> None:
    rules = rules_of(
        """
        [[rule]]
        name = "pricing"
        channel = "visits"
        type = ["page", "click"]
        when = { url_path = "/pricing" }
        weight = -2.5
        [[rule]]
        name = "rest"
        channel = "visits"
        weight = 1
        """
    )
    assert rules.match({"channel": "visits", "type": "page", "url_path": "/pricing"}) == Match("pricing", -2.5, 0, "")
    assert rules.match({"channel": "visits", "type": "page"}) == Match("rest", 1.0, 0, "")
    assert rules.match({"channel": "visits", "type": "unheard", "url_path": "/pricing"}) == Match("rest", 1.0, 0, "")
    assert rules.match({"channel": "calls", "type": "page"}) == Match("", 0.0, 0, "")
    assert rules.match({}) == Match("", 0.0, 0, "")


@pytest.mark.parametrize(
    ("keys", "fields", "cap_value"),
    [
        ({"cap": "3"}, {}, "r"),
        ({"cap": "3", "group": '"g"'}, {}, "g"),
        ({"cap": "3", "cap_per": '"message_id"'}, {"message_id": "m"}, "r\x1fm"),
        ({"cap": "3", "cap_per": '"message_id"'}, {}, "r\x1f"),
        (
            {"cap": "3", "cap_per": '"properties.x"', "group": '"g"'},
            {"properties": {"x": "ü" * 300}},
            "g\x1f" + "ü" * 200,
        ),
    ],
)
def test_what_a_cap_counts_under(keys: dict[str, str], fields: Mapping[str, object], cap_value: str) -> None:
    assert one_rule(**keys).match({"channel": "visits", **fields}) == Match("r", 2.0, 3, cap_value)


def test_the_version_stands_for_the_meaning() -> None:
    rule = {"type": '["page", "click"]', "when": '{ country = "DE", url_path = "/" }'}
    version = one_rule(**rule).version
    assert len(version) == 12
    same = {"type": '["click", "page"]  # a comment', "when": '{ url_path = "/", country = "DE" }', "weight": "2.0"}
    assert one_rule(**same).version == version
    others = [rule | {"weight": "3"}, rule | {"cap": "1"}, rule | {"when": '{ country = "DE" }'}, {}]
    assert len({version, *(one_rule(**other).version for other in others)}) == 5
    assert rules_of("half_life_days = 8").version != rules_of("late_days = 34").version != rules_of("").version


def test_the_defaults_are_valid_for_the_channels_there_are() -> None:
    rules = load_rules(DEFAULTS, "rules.toml", TYPES)
    assert isinstance(rules, Rules), [str(error) for error in rules]
    assert not rules.warnings
    assert {rule.channel for rule in rules.rules} == set(CHANNELS) - {"consents", "groups"}  # no measure of interest


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"channel": "visits", "type": "page"}, Match("page_view", 1.0, 20, "pages")),
        ({"channel": "visits", "type": "form", "url_path": "/c"}, Match("form", 50.0, 1, "form\x1f/c")),
        (
            {"channel": "emails", "type": "clicked", "message_id": "m"},
            Match("mail_clicked", 10.0, 1, "mail_clicked\x1fm"),
        ),
        ({"channel": "emails", "type": "sent"}, Match("", 0.0, 0, "")),
        ({"channel": "calls", "type": "abandoned", "direction": "inbound"}, Match("call_tried", 4.0, 5, "call_tried")),
        ({"channel": "calls", "type": "missed", "direction": "outbound"}, Match("", 0.0, 0, "")),
    ],
)
def test_the_defaults(fields: Mapping[str, object], expected: Match) -> None:
    assert rules_of(DEFAULTS).match(fields) == expected


def test_what_is_certain_of_a_type_is_what_always_comes_out() -> None:
    rules = rules_of(
        '[[rule]]\nname = "free"\nchannel = "visits"\ntype = "click"\nweight = 2\n'
        '[[rule]]\nname = "asks"\nchannel = "visits"\ntype = "page"\nwhen = { url_path = "/a" }\nweight = 1\n'
        '[[rule]]\nname = "counts"\nchannel = "visits"\ntype = "form"\nweight = 1\ncap = 1\ncap_per = "url_path"\n'
    )
    assert rules.certain("visits", "click") == rules.match({"channel": "visits", "type": "click"})
    assert rules.certain("visits", "search") == rules.certain("calls", "missed") == Match("", 0.0, 0, "")
    assert (rules.certain("visits", "page"), rules.certain("visits", "form")) == (None, None)

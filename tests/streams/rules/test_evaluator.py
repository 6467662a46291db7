from collections.abc import Mapping
from pathlib import Path

import pytest

from schemas.channels import CHANNELS
from streams.rules.evaluator import Match, Rules, load_rules
from tests.tables import table

DEFAULTS = Path("streams/rules/default.toml").read_text()


def rules_of(text: str) -> Rules:
    rules = load_rules(text, "rules.toml")
    assert isinstance(rules, Rules), [str(error) for error in rules]
    return rules


def one_rule(**keys: str) -> Rules:
    """A rule for visits with these keys, each in TOML."""
    given = {"name": '"r"', "channel": '"visits"', "weight": "2"} | keys
    return rules_of("[[rule]]\n" + "\n".join(f"{key} = {value}" for key, value in given.items()))


def types_of(channel: str) -> tuple[str, ...]:
    return tuple(CHANNELS[channel].model_fields["type"].annotation.__args__)  # type: ignore[union-attr]


TYPES = {channel: types_of(channel) for channel in CHANNELS}


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


def test_the_settings() -> None:
    assert (rules_of("").half_life_ms, rules_of("").late_days) == (7 * 86_400_000, 35)
    assert rules_of("half_life_days = 0.5\nlate_days = 3").half_life_ms == 43_200_000


BROKEN = [
    ("a = 1\nb = 'x\n", [(2, "not valid TOML")]),
    ("half_life_days = 0", [(1, "half_life_days is 0")]),
    ("half_life_days = inf", [(1, "half_life_days is inf")]),
    ("\nlate_days = 1.5", [(2, "late_days is not a whole number")]),
    ("late_days = true", [(1, "late_days is not a whole number")]),
    ("half_live_days = 1", [(1, "did you mean 'half_life_days'")]),
    ("half_life_days = 1" + "0" * 400, [(1, "half_life_days is 1")]),
    ("half_life_days = 1" + "0" * 5000, [(1, "not valid TOML")]),
    ("rule = " + "[" * 5000 + "]" * 5000, [(1, "not valid TOML")]),
    ("rule = 1", [(1, "begin every rule with [[rule]]")]),
    ("[[rule]]", [(1, "no name"), (1, "no channel"), (1, "no weight")]),
    ('[[rule]]\nname="Ä"\nchannel="visits"\nweight=1', [(2, "no name of a-z")]),
    ('[[rule]]\nname="a"\nchannel="visit"\nweight=1', [(3, "did you mean 'visits'")]),
    ('[[rule]]\nname="a"\nchannel="visits"\ntype="pages"\nweight=1', [(4, "did you mean 'page'")]),
    ('[[rule]]\nname="a"\nchannel="visits"\ntype=[]\nweight=1', [(4, "neither a text nor a list")]),
    ('[[rule]]\nname="a"\nchannel="visits"\nweight="1"', [(4, "weight is not a number")]),
    ('[[rule]]\nname="a"\nchannel="visits"\nweight=nan', [(4, "weight is nan")]),
    ('[[rule]]\nname="a"\nchannel="visits"\nweight=1\ncap=0', [(5, "cap is 0")]),
    ('[[rule]]\nname="a"\nchannel="visits"\nweight=1\ncap_per="url"', [(5, "without a cap")]),
    ('[[rule]]\nname="a"\nchannel="visits"\nweight=1\ngroup="g"', [(5, "without a cap")]),
    ('[[rule]]\nname="a"\nchannel="visits"\nweight=1\ncap=1\ncap_per="bot"', [(6, "no text field")]),
    ('[[rule]]\nname="a"\nchannel="visits"\nweight=1\ncap=1\ngroup="G!"', [(6, "other characters")]),
    ('[[rule]]\nname="a"\nchannel="visits"\nweight=1\nwhen="x"', [(5, "not a table")]),
    ('[[rule]]\nname="a"\nchannel="visits"\nweight=1\n[rule.when]\nurl_pth="x"', [(6, "did you mean 'url_path'")]),
    ('[[rule]]\nname="a"\nchannel="visits"\nweight=1\n[rule.when]\nurl={like="x"}', [(6, "'like' is no question")]),
    ('[[rule]]\nname="a"\nchannel="visits"\nweight=1\n[rule.when]\nurl={contains=""}', [(6, "holds for everything")]),
    ('[[rule]]\nname="a"\nchannel="visits"\nweight=1\n[rule.when]\nurl={contains=1}', [(6, "asks about a text")]),
    ('[[rule]]\nname="a"\nchannel="visits"\nweight=1\n[rule.when]\nurl={">"="b"}', [(6, "compares numbers")]),
    ('[[rule]]\nname="a"\nchannel="visits"\nweight=1\n[rule.when]\nurl=["b", 1]', [(6, "mixes texts")]),
    ('[[rule]]\nname="a"\nchannel="visits"\nweight=1\n[rule.when]\nurl=[]', [(6, "takes a list")]),
    ('[[rule]]\nname="a"\nchannel="visits"\nweight=1\n[rule.when]\nurl={"="=["b"]}', [(6, "takes one value")]),
    ('[[rule]]\nname="a"\nchannel="visits"\nweight=1\n[rule.when]\nurl=true', [(6, "never true or false")]),
    ('[[rule]]\nname="a"\nchannel="visits"\nweight=1\n[rule.when]\nurl=1979-05-27', [(6, "neither text nor number")]),
    ('[[rule]]\nname="a"\nchannel="visits"\nweight=1\n[rule.when]\nengaged_ms="1"', [(6, "compared with a text")]),
    ('[[rule]]\nname="a"\nchannel="visits"\nweight=1\n[rule.when]\nengaged_ms=1e9', [(6, "below a thousand million")]),
    ('[[rule]]\nname="a"\nchannel="visits"\nweight=1\n[rule.when]\nengaged_ms=1e-7', [(6, "6 decimals")]),
    ('[[rule]]\nname="a"\nchannel="visits"\nweight=1\n[rule.when]\nengaged_ms=inf', [(6, "compared with inf")]),
    ('[[rule]]\nname="a"\nchannel="visits"\nweight=1\n[rule.when]\nbot={exists=true}', [(6, "true or false")]),
    ('[[rule]]\nname="a"\nchannel="visits"\nweight=1\n[rule.when]\nbot="yes"', [(6, "nothing else")]),
    ('[[rule]]\nname="a"\nchannel="visits"\nweight=1\n[rule.when]\nchannel="calls"', [(6, "no field 'channel'")]),
    (
        '[[rule]]\nname="a"\nchannel="visits"\nweight=1\n[[rule]]\nname="a"\nchannel="calls"\nweight=1',
        [(6, "taken by the rule in line 1")],
    ),
    (
        '[[rule]]\nname="a"\nchannel="visits"\nweight=1\ncap=1\ngroup="g"\n'
        '[[rule]]\nname="b"\nchannel="visits"\nweight=1\ncap=2\ngroup="g"',
        [(12, "shares the group 'g' with the rule in line 1")],
    ),
    (
        '[[rule]]\nname="g"\nchannel="visits"\nweight=1\n[[rule]]\nname="b"\nchannel="visits"\nweight=1\ncap=2\ngroup="g"',
        [(10, "has the name of a rule")],
    ),
]


@table(("text", "expected"), BROKEN)
def test_everything_wrong_is_said_at_once_with_its_line(text: str, expected: list[tuple[int, str]]) -> None:
    errors = load_rules(text, "my.toml", TYPES)
    assert isinstance(errors, list)
    assert [error.line for error in errors] == [line for line, _ in expected]
    for error, (line, words) in zip(errors, expected, strict=True):
        assert words in str(error)
        assert str(error).startswith(f"my.toml:{line}: ")


def test_errors_of_several_rules_come_together_by_line() -> None:
    text = "\n".join(text for text, _ in BROKEN[10:15])
    errors = load_rules(text, "my.toml", TYPES)
    assert isinstance(errors, list)
    assert [error.line for error in errors] == sorted(error.line for error in errors)
    assert len(errors) == sum(len(expected) for _, expected in BROKEN[10:15]) + 2  # and a name three times


@pytest.mark.parametrize(
    ("first", "second", "warned"),
    [
        ("", 'type = "page"', True),
        ('type = ["page", "click"]', 'type = "page"', True),
        ('type = "page"', "", False),
        ('type = "page"', 'type = "click"', False),
        ('when = { country = "DE" }', 'when = { url_path = "/", country = "DE" }', True),
        ('when = { country = "DE" }', 'when = { url_path = "/" }', False),
    ],
)
def test_a_rule_behind_a_wider_one_is_warned_of(first: str, second: str, warned: bool) -> None:
    rules = rules_of(
        f'[[rule]]\nname="a"\nchannel="visits"\nweight=1\n{first}\n'
        f'[[rule]]\nname="b"\nchannel="visits"\nweight=1\n{second}\n'
    )
    assert [(warning.line, "'a' in line 1" in warning.what) for warning in rules.warnings] == (
        [(6, True)] if warned else []
    )


def test_the_defaults_are_valid_for_the_channels_there_are() -> None:
    rules = load_rules(DEFAULTS, "rules.toml", TYPES)
    assert isinstance(rules, Rules), [str(error) for error in rules]
    assert not rules.warnings
    assert {rule.channel for rule in rules.rules} == set(CHANNELS)


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

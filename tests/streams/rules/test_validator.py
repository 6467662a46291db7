"""Everything that is wrong with rules is reported at once, with its line."""

import pytest

from streams.rules.evaluator import load_rules
from tests.streams.rules.reading import TYPES, rules_of
from tests.tables import table


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
    ('[[rule]]\nname="a"\nchannel="visits"\nweight=1\ncap=1\ncap_per="bot"', [(6, "is not a text field")]),
    ('[[rule]]\nname="a"\nchannel="visits"\nweight=1\ncap=1\ngroup="G!"', [(6, "characters other than a-z")]),
    ('[[rule]]\nname="a"\nchannel="visits"\nweight=1\nwhen="x"', [(5, "not a table")]),
    ('[[rule]]\nname="a"\nchannel="visits"\nweight=1\n[rule.when]\nurl_pth="x"', [(6, "did you mean 'url_path'")]),
    ('[[rule]]\nname="a"\nchannel="visits"\nweight=1\n[rule.when]\nurl={like="x"}', [(6, "'like' is not an operator")]),
    ('[[rule]]\nname="a"\nchannel="visits"\nweight=1\n[rule.when]\nurl={contains=""}', [(6, "is always true")]),
    ('[[rule]]\nname="a"\nchannel="visits"\nweight=1\n[rule.when]\nurl={contains=1}', [(6, "compares texts")]),
    ('[[rule]]\nname="a"\nchannel="visits"\nweight=1\n[rule.when]\nurl={">"="b"}', [(6, "compares numbers")]),
    ('[[rule]]\nname="a"\nchannel="visits"\nweight=1\n[rule.when]\nurl=["b", 1]', [(6, "mixes texts")]),
    ('[[rule]]\nname="a"\nchannel="visits"\nweight=1\n[rule.when]\nurl=[]', [(6, "takes a list")]),
    ('[[rule]]\nname="a"\nchannel="visits"\nweight=1\n[rule.when]\nurl={"="=["b"]}', [(6, "takes one value")]),
    ('[[rule]]\nname="a"\nchannel="visits"\nweight=1\n[rule.when]\nurl=true', [(6, "not true or false")]),
    ('[[rule]]\nname="a"\nchannel="visits"\nweight=1\n[rule.when]\nurl=1979-05-27', [(6, "neither text nor number")]),
    ('[[rule]]\nname="a"\nchannel="visits"\nweight=1\n[rule.when]\nengaged_ms="1"', [(6, "compared with a text")]),
    ('[[rule]]\nname="a"\nchannel="visits"\nweight=1\n[rule.when]\nengaged_ms=1e9', [(6, "below a thousand million")]),
    ('[[rule]]\nname="a"\nchannel="visits"\nweight=1\n[rule.when]\nengaged_ms=1e-7', [(6, "6 decimals")]),
    ('[[rule]]\nname="a"\nchannel="visits"\nweight=1\n[rule.when]\nengaged_ms=inf', [(6, "compared with inf")]),
    ('[[rule]]\nname="a"\nchannel="visits"\nweight=1\n[rule.when]\nbot={exists=true}', [(6, "true or false")]),
    ('[[rule]]\nname="a"\nchannel="visits"\nweight=1\n[rule.when]\nbot="yes"', [(6, "is only true or false")]),
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
def test_all_errors_are_reported_with_their_lines(text: str, expected: list[tuple[int, str]]) -> None:
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

"""Rules written for a test."""

from schemas.channels import CHANNELS
from streams.rules.evaluator import Rules, load_rules


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

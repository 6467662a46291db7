"""Schemas of channels and the rules in force are printed."""

import json
from pathlib import Path

import pytest

from schemas.channels import CHANNELS
from tests.touchline.cli.running import run


@pytest.mark.parametrize("channel", sorted(CHANNELS))
def test_a_channels_schema_is_printed(channel: str) -> None:
    assert json.loads(run("schema", channel).output) == CHANNELS[channel].model_json_schema()


def test_the_rules_in_force_are_checked_and_named() -> None:
    assert "half-life 7 days: all well." in run("rules").output
    assert set(json.loads(run("rules", "--json").output)) == {
        "version", "half_life_days", "late_days", "rules", "warnings",
    }  # fmt: skip


def test_a_rule_that_never_matches_is_warned_of(tmp_path: Path) -> None:
    file = tmp_path / "rules.toml"
    rule = '[[rule]]\nname = "{}"\nchannel = "visits"\nweight = 1\n'
    file.write_text(rule.format("first") + rule.format("second"))
    said = run("rules", str(file))
    assert said.exit_code == 0
    assert f"{file}:5: rule 'second' can never match" in said.stderr
    assert "all well" not in said.stdout

"""The schemas of channels and the summary of the rules."""

import json
from pathlib import Path

import pytest

from schemas.channels import CHANNELS
from tests.touchline.cli.running import run


@pytest.mark.parametrize("channel", sorted(CHANNELS))
def test_schema_of_a_channel_is_printed(channel: str) -> None:
    assert json.loads(run("schema", channel).output) == CHANNELS[channel].model_json_schema()


def test_configured_rules_are_checked() -> None:
    assert "half-life 7 days: no problems." in run("rules").output
    assert set(json.loads(run("rules", "--json").output)) == {
        "version", "half_life_days", "late_days", "rules", "warnings",
    }  # fmt: skip


def test_rule_that_never_applies_is_a_warning(tmp_path: Path) -> None:
    file = tmp_path / "rules.toml"
    rule = '[[rule]]\nname = "{}"\nchannel = "visits"\nweight = 1\n'
    file.write_text(rule.format("first") + rule.format("second"))
    done = run("rules", str(file))
    assert done.exit_code == 0
    assert f"{file}:5: rule 'second' can never match" in done.stderr
    assert "no problems" not in done.stdout

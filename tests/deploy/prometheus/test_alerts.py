"""The alerts: names that are served, a section of the runbook each, and Prometheus's own checks."""

import re
import shutil
import subprocess
from typing import Any, Final

import pytest
import yaml

from deploy.grafana.__main__ import BOARDS
from tests.deploy.grafana.board_checks import queries_of, ranges
from tests.deploy.grafana.macros import expand_promql
from tests.deploy.served_metrics import check_names
from tests.docs.pages import ROOT, text_of

FOLDER: Final = ROOT / "deploy" / "prometheus"
TESTS: Final = ROOT / "tests" / "deploy" / "prometheus" / "alerts_test.yml"
CHECK_S: Final = 600.0


def read(path: Any) -> Any:
    return yaml.safe_load(path.read_text("utf-8"))


RULES: Final = [rule for group in read(FOLDER / "alerts.yml")["groups"] for rule in group["rules"]]
NAMES: Final = [rule["alert"] for rule in RULES]


def promtool(*words: str) -> None:
    """Run promtool; skip the test where it is missing."""
    if shutil.which("promtool") is None:
        pytest.skip("promtool is not installed (Debian: prometheus): Prometheus's own checks are not run")
    done = subprocess.run(["promtool", *words], capture_output=True, text=True, timeout=CHECK_S, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("rule", RULES, ids=NAMES)
def test_an_alert_names_metrics_that_are_served(rule: dict[str, Any]) -> None:
    if re.search(r"\btouchline_", rule["expr"]):
        check_names(rule["expr"])
    else:
        assert re.search(r"\b(up|node_filesystem_avail_bytes)\b", rule["expr"])


@pytest.mark.parametrize("rule", RULES, ids=NAMES)
def test_an_alert_has_a_section_of_the_runbook(rule: dict[str, Any]) -> None:
    assert rule["labels"]["severity"] in ("warning", "critical")
    assert rule["annotations"]["summary"].endswith(".")
    assert rule["annotations"]["runbook"] == f"docs/runbook.md#{rule['alert'].lower()}"
    section = re.search(rf"^## {rule['alert']}\n\n(.+?)(?=^## |\Z)", text_of("docs/runbook.md"), re.M | re.S)
    assert section is not None
    assert "\n- " in section[1]


def test_the_runbook_has_no_other_sections() -> None:
    assert re.findall(r"^## (\w+)$", text_of("docs/runbook.md"), re.MULTILINE) == NAMES


def test_each_alert_is_tested() -> None:
    tested = [one for test in read(TESTS)["tests"] for one in test["alert_rule_test"]]
    assert {one["alertname"] for one in tested if one["exp_alerts"]} == set(NAMES)


def test_the_rules_are_valid_and_fire_when_they_should() -> None:
    promtool("check", "rules", str(FOLDER / "alerts.yml"))
    promtool("test", "rules", str(TESTS))


def test_the_configuration_is_valid() -> None:
    promtool("check", "config", str(FOLDER / "prometheus.yml"))


def test_expressions_of_dashboards_are_valid(tmp_path: Any) -> None:
    expressions = [query.text for make in BOARDS for query in queries_of(make()) if query.kind == "promql"]
    rules = [
        {"record": f"panel_{number}", "expr": expand_promql(text, ranges()[0])}
        for number, text in enumerate(expressions)
    ]
    file = tmp_path / "panels.yml"
    file.write_text(yaml.safe_dump({"groups": [{"name": "panels", "rules": rules}]}))
    promtool("check", "rules", str(file))

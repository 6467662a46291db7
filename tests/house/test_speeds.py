"""Two speeds: `make test` runs one journey and no other service, `make test-all` and CI run everything."""

import os
import subprocess
import sys

from tests.house.files import ROOT, files
from tests.scale import ALL, FAST_SHARE, scaled

SMOKE = "@pytest.mark." + "smoke"


def target(name: str) -> str:
    """Return the recipe of a target of the Makefile."""
    lines = (ROOT / "Makefile").read_text(encoding="utf-8").splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith(f"{name}:"))
    return lines[start + 1]


def test_one_journey_is_in_the_fast_run() -> None:
    marked = [path for path in files("tests", suffix=".py") for _ in range(path.read_text("utf-8").count(SMOKE))]
    assert [path.parent.name for path in marked] == ["journeys"]


def test_the_targets_select_as_documented() -> None:
    assert '-m "not (kafka or engine or slow) or smoke"' in target("test")
    assert "TOUCHLINE_TEST_ALL=1" in target("test-all")
    assert " -m " not in target("test-all")
    assert "make test-all" in (ROOT / ".ci/run").read_text(encoding="utf-8")
    for page in ("README.md", "CONTRIBUTING.md"):
        text = (ROOT / page).read_text(encoding="utf-8")
        assert "make test " in text or "`make test`" in text
        assert "make test-all" in text


def test_the_full_run_generates_everything() -> None:
    asked = "from tests.scale import scaled; print(scaled(400), scaled(1))"
    for all_tests, counts in (("1", "400 1"), ("", f"{400 // FAST_SHARE} 1")):
        environment = {**os.environ, "TOUCHLINE_TEST_ALL": all_tests}
        done = subprocess.run(
            [sys.executable, "-c", asked], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
        )
        assert done.stdout.strip() == counts
    assert scaled(400) == (400 if ALL else 400 // FAST_SHARE)

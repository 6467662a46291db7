"""All checks of `touchline doctor`."""

from pathlib import Path

import pytest

from tests.touchline.ops.doctor.checking import findings


def test_nothing_set_and_nothing_running_is_in_order(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    found = findings(monkeypatch)
    assert all(finding.ok for finding in found.values()), found
    skipped = {what: finding.detail for what, finding in found.items() if finding.result == "skipped"}
    assert skipped == {
        "places by IP": "no database is set: countries come from phone numbers only",
        "Kafka": "no address is set: `touchline up` runs its own",
        "topics": "no address is set: `touchline up` runs its own",
        "ClickHouse": "no address is set: `touchline up` runs the embedded engine",
        "tables": "no address is set",
        "stored rows": "no address is set",
        "collector": "no address is known: `touchline up` runs one",
        "API": "no address is known: `touchline up` runs one",
    }
    assert not list(folder.iterdir())


def test_wrong_settings_are_the_only_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    found = findings(monkeypatch, METRICS_PORT="x", LINKS="0")
    assert list(found) == ["settings"]
    assert "TOUCHLINE_METRICS_PORT='x'" in found["settings"].detail
    assert "TOUCHLINE_LINKS='0'" in found["settings"].detail

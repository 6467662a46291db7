"""Findings of the doctor with given variables."""

import pytest

from touchline.ops.doctor.examine import examine
from touchline.ops.doctor.findings import Finding


def findings(monkeypatch: pytest.MonkeyPatch, **variables: str) -> dict[str, Finding]:
    """Return the findings with these settings, by what was checked."""
    for name, value in variables.items():
        monkeypatch.setenv(f"TOUCHLINE_{name}", value)
    return {finding.what: finding for finding in examine(None)}

"""The result of an audit as a file for Prometheus."""

import os
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from dashboards.answers.audit import Audit, Findings
from touchline.ops.audit_metrics import GAUGES, audit_metrics, write_metrics

NONE = Findings()
FOUND = Audit(
    ok=False, drift=0.25, sampled=False, profiles=9, touches=90, touches_without_identifier=1, sessions=4, wrong=NONE,
    wrong_profiles=(), orphans=Findings(2, ("a", "b")), repeats=NONE, rollups=Findings(3, ("c",)),
    page_times=Findings(1, ("d",)), ids_under_two_identifiers=NONE,
)  # fmt: skip


def test_each_kind_of_finding_is_a_number() -> None:
    families = list(text_string_to_metric_families(audit_metrics(FOUND, "main", 1_750_000_000.5).decode()))
    assert [family.name for family in families] == [name for name, _, _ in GAUGES]
    values = {sample.labels["kind"]: sample.value for family in families[:1] for sample in family.samples}
    assert values == {
        "profiles": 0, "orphans": 2, "repeats": 0, "rollups": 3, "page_times": 1
    }  # fmt: skip
    assert [family.samples[0].value for family in families[1:]] == [0.25, 1_750_000_000.5]


def test_the_file_is_replaced_and_everybody_may_read_it(tmp_path: Path) -> None:
    path = tmp_path / "touchline.prom"
    before = os.umask(0o077)
    try:
        write_metrics(path, b"one\n" * 100)
        write_metrics(path, b"two\n")
    finally:
        os.umask(before)
    assert path.read_bytes() == b"two\n"
    assert path.stat().st_mode & 0o777 == 0o644
    assert [one.name for one in tmp_path.iterdir()] == ["touchline.prom"]


def test_a_folder_that_is_missing_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_metrics(tmp_path / "missing" / "touchline.prom", b"")

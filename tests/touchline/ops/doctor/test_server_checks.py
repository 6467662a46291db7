"""The doctor's checks of the collector and the API."""

import os
from pathlib import Path

import pytest

from deploy.ports import free_port
from tests.touchline.ops.doctor.checking import findings
from touchline.local.data_folder.run_file import RunFile, write_run_file


def test_without_a_running_collector_the_check_is_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    found = findings(monkeypatch)["collector"]
    assert found.result == "skipped"
    assert found.detail == "no address is known: `touchline up` runs one"


def test_a_collector_that_does_not_answer_is_a_problem(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    run = RunFile(os.getpid(), "", "", "", 9100, collector="https://h:1", collector_metrics_port=free_port())
    write_run_file(folder, run)
    found = findings(monkeypatch)["collector"]
    assert found.result == "PROBLEM"
    assert found.detail == "No collector answers at https://h:1: `touchline up` restarts its own."


def test_an_api_that_does_not_answer_is_a_problem(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    assert findings(monkeypatch)["API"].result == "skipped"
    write_run_file(folder, RunFile(os.getpid(), "", "", "", 9100, api="http://h:2", api_metrics_port=free_port()))
    assert findings(monkeypatch)["API"].detail == "No API answers at http://h:2: `touchline up` restarts its own."

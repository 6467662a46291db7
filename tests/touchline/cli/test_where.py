"""`touchline where`: the addresses of a running system, or one sentence."""

import json
import os
import time
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from dashboards.api.security.sessions import Sessions
from tests.touchline.cli.running import run
from touchline.api.secret import serve_secret
from touchline.errors import CliError
from touchline.local.data_folder.run_file import RunFile, write_run_file
from touchline.settings import read_settings

HERE = RunFile(os.getpid(), "127.0.0.1:9092", "http://w:1@127.0.0.1:1/t", "http://r:2@127.0.0.1:1/t", 9100)


def test_addresses_of_the_running_system(folder: Path) -> None:
    write_run_file(folder, replace(HERE, collector="http://127.0.0.1:8080", commands="http://c:3@127.0.0.1:1/t"))
    done = run("where", "--json")
    assert done.exit_code == 0
    assert json.loads(done.stdout) == {
        "kafka": "127.0.0.1:9092",
        "clickhouse": "http://w:1@127.0.0.1:1/t",
        "reader": "http://r:2@127.0.0.1:1/t",
        "collector": "http://127.0.0.1:8080",
        "metrics": "http://127.0.0.1:9100/metrics",
    }
    assert run("where").stdout.splitlines()[3].split() == ["collector", "http://127.0.0.1:8080"]


def test_the_pages_are_printed_with_a_login(folder: Path) -> None:
    write_run_file(folder, replace(HERE, api="http://127.0.0.1:8900"))
    found = [json.loads(run("where", "--json").stdout) for _ in range(2)]
    assert {one["api"] for one in found} == {"http://127.0.0.1:8900"}
    assert len({one["pages"] for one in found}) == 2
    assert all(one["pages"].startswith("http://127.0.0.1:8900/login/once?code=") for one in found)


def test_the_login_is_for_the_tenant(folder: Path) -> None:
    write_run_file(folder, replace(HERE, api="http://127.0.0.1:8900"))
    sessions = Sessions(serve_secret(read_settings()), 0)
    for words, tenant in (((), "main"), (("--tenant", "acme"), "acme")):
        link = urlsplit(json.loads(run("where", *words, "--json").stdout)["pages"])
        (code,) = parse_qs(link.query)["code"]
        assert sessions.redeem(code, time.time_ns() // 1_000_000) == tenant


def test_a_part_that_does_not_run_has_no_address(folder: Path) -> None:
    write_run_file(folder, HERE)
    found = json.loads(run("where", "--data", str(folder), "--json").stdout)
    assert not found.keys() & {"collector", "api", "pages"}


def test_nothing_runs(folder: Path) -> None:
    error = run("where", "--json").exception
    assert isinstance(error, CliError)
    assert str(error) == f"Nothing runs on {folder}: start `touchline up`."
    assert error.code == 1

"""Engines for the tests of this folder, which are stopped at the end."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.engine.launch import read_ready
from tests.deploy.engine.engine_processes import Engine, Start, begin, write_users


@pytest.fixture(scope="module")
def start(own_engine: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Start]:
    """Start engines over a path; every one still running at the end is stopped."""
    folder = tmp_path_factory.mktemp("users")
    users = write_users(folder)
    running = []

    def started(path: Path, *more: str, log: Path | None = None) -> Engine:
        log = log or folder / f"engine-{len(running)}.log"
        process = begin(path, users, *more, log=log)
        running.append(process)
        assert process.stdout is not None
        return Engine(process, read_ready(process.stdout.readline()), log)

    yield started
    for process in running:
        if process.poll() is None:
            process.kill()
        process.communicate()


@pytest.fixture(scope="module")
def engine(start: Start, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """One engine for the tests of a module, with the database `shop`."""
    started = start(tmp_path_factory.mktemp("engine"))
    client = started.client()
    client.command("CREATE DATABASE shop")
    client.close()
    return started

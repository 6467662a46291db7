"""Parts that end are restarted; those whose disk is full wait for space."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from deploy.kafka_node import DiskFullError, KafkaNodeError
from deploy.process import ChildError
from touchline.errors import CliError
from touchline.local.restarts import MAX_RESTARTS, RETRY_S, Part, Supervisor

PLENTY = 0
ENDLESS = 2**60  # more than any disk has


@dataclass
class FakeProcess:
    """A process that runs until a test ends it."""

    folder: Path
    errors: list[Exception] = field(default_factory=list)  # raised by the next restarts
    running: bool = False
    restarts: int = 0

    def restart(self) -> None:
        self.restarts += 1
        if self.errors:
            raise self.errors.pop(0)
        self.running = True

    def part(self, least_free_bytes: int = PLENTY, name: str = "Kafka", *, optional: bool = False) -> Part:
        ended = "It ended."
        return Part(name, self.folder, least_free_bytes, lambda: self.running, lambda: ended, self.restart, optional)


@pytest.fixture
def process(tmp_path: Path) -> FakeProcess:
    return FakeProcess(tmp_path)


def test_ended_part_is_restarted_and_reported(process: FakeProcess) -> None:
    supervisor = Supervisor([process.part()])
    assert supervisor.restart_ended() == "It ended.\nKafka was restarted."
    assert supervisor.restart_ended() == ""
    assert process.restarts == 1


def test_part_that_ends_repeatedly_is_an_error(process: FakeProcess) -> None:
    supervisor = Supervisor([process.part()])
    for _ in range(MAX_RESTARTS):
        supervisor.restart_ended()
        process.running = False
    with pytest.raises(CliError, match=r"^Kafka ended 6 times within a minute, .* It ended\.$") as refused:
        supervisor.restart_ended()
    assert refused.value.code == 1


@pytest.mark.parametrize("error", [ChildError("no line"), KafkaNodeError("no port")])
def test_failed_restart_is_an_error(process: FakeProcess, error: Exception) -> None:
    process.errors = [error]
    with pytest.raises(CliError, match=str(error)) as refused:
        Supervisor([process.part()]).restart_ended()
    assert refused.value.code == 1


def test_part_with_wrong_settings_is_not_restarted(process: FakeProcess) -> None:
    process.errors = [CliError("another half-life", code=78)]
    with pytest.raises(CliError, match="another half-life") as refused:
        Supervisor([process.part()]).restart_ended()
    assert refused.value.code == 78


def test_without_disk_space_a_part_waits_and_is_reported_once(process: FakeProcess) -> None:
    supervisor = Supervisor([process.part(ENDLESS)])
    lines = [supervisor.restart_ended() for _ in range(10 * MAX_RESTARTS)]
    assert lines[0].startswith(f"Kafka has stopped: the disk of {process.folder} has ")
    assert lines[0].endswith("Free some space; it resumes by itself, and nothing acknowledged is lost.")
    assert set(lines[1:]) == {""}
    assert process.restarts == 0


def test_with_disk_space_again_a_part_is_restarted(process: FakeProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    part = process.part(100)
    supervisor = Supervisor([part])
    free = [99, 99, 99, 99, 100]
    monkeypatch.setattr(Part, "free_bytes", lambda self: free[0])
    supervisor.restart_ended()
    free[0] = 100
    assert supervisor.restart_ended() == "There is disk space again. Kafka runs."
    assert process.running


def test_restart_that_fails_on_a_full_disk_waits(process: FakeProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk fills up while the part starts."""
    free = [100]
    monkeypatch.setattr(Part, "free_bytes", lambda self: free[0])

    class Filling(FakeProcess):
        def restart(self) -> None:
            free[0] = 3
            raise DiskFullError("full")

    supervisor = Supervisor([Filling(process.folder).part(100)])
    assert "Kafka has stopped" in supervisor.restart_ended()
    assert supervisor.restart_ended() == ""


def test_waiting_part_does_not_block_restarts_of_others(process: FakeProcess) -> None:
    other = FakeProcess(process.folder)
    supervisor = Supervisor([process.part(ENDLESS), other.part(name="The worker")])
    assert supervisor.restart_ended().splitlines()[1:] == ["It ended.", "The worker was restarted."]
    assert other.running


def test_others_go_on_without_an_optional_part_until_it_can_start(
    process: FakeProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    now_s = [1_000.0]
    monkeypatch.setattr("touchline.local.restarts.time.monotonic", lambda: now_s[0])
    process.errors = [ChildError("hooks.toml is wrong"), ChildError("hooks.toml is wrong")]
    supervisor = Supervisor([process.part(name="The collector", optional=True)])
    assert supervisor.restart_ended().splitlines() == [
        "hooks.toml is wrong",
        "All else runs on. The collector is tried again every 10 s.",
    ]
    assert [supervisor.restart_ended() for _ in range(3)] == [""] * 3
    assert process.restarts == 1
    now_s[0] += RETRY_S
    assert supervisor.restart_ended() == ""
    now_s[0] += RETRY_S
    assert supervisor.restart_ended() == "The collector runs again."
    assert process.restarts == 3


def test_optional_part_that_ends_repeatedly_rests(process: FakeProcess) -> None:
    supervisor = Supervisor([process.part(name="The API", optional=True)])
    for _ in range(MAX_RESTARTS):
        assert supervisor.restart_ended() == "It ended.\nThe API was restarted."
        process.running = False
    assert supervisor.restart_ended().startswith("The API ended 6 times within a minute")
    assert process.restarts == MAX_RESTARTS

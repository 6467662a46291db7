"""Parts that end are started again; those that ended for want of room wait for room."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from deploy.kafka_node import DiskFullError, KafkaNodeError
from deploy.process import ChildError
from touchline.errors import CliError
from touchline.local.restarts import TRIES, Mender, Part

PLENTY = 0
ENDLESS = 2**60  # more than any disk has: there is never room


@dataclass
class Made:
    """A part that runs as long as a test says."""

    folder: Path
    errors: list[Exception] = field(default_factory=list)  # of the next starts
    running: bool = False
    starts: int = 0

    def start(self) -> None:
        self.starts += 1
        if self.errors:
            raise self.errors.pop(0)
        self.running = True

    def part(self, least_free_bytes: int = PLENTY, name: str = "Kafka") -> Part:
        return Part(name, self.folder, least_free_bytes, lambda: self.running, lambda: "It ended.", self.start)


@pytest.fixture
def made(tmp_path: Path) -> Made:
    return Made(tmp_path)


def test_an_ended_part_is_restarted_and_reported(made: Made) -> None:
    mender = Mender([made.part()])
    assert mender.mend() == "It ended.\nKafka is started again."
    assert mender.mend() == ""
    assert made.starts == 1


def test_a_part_that_ends_again_and_again_is_given_up(made: Made) -> None:
    mender = Mender([made.part()])
    for _ in range(TRIES):
        mender.mend()
        made.running = False
    with pytest.raises(CliError, match=r"It ended\. It ended 6 times within a minute\.") as trouble:
        mender.mend()
    assert trouble.value.code == 1


@pytest.mark.parametrize("error", [ChildError("no line"), KafkaNodeError("no port")])
def test_a_start_that_fails_ends_all_with_a_sentence(made: Made, error: Exception) -> None:
    made.errors = [error]
    with pytest.raises(CliError, match=str(error)) as trouble:
        Mender([made.part()]).mend()
    assert trouble.value.code == 1


def test_a_part_whose_settings_are_wrong_is_not_started_again(made: Made) -> None:
    made.errors = [CliError("another half-life", code=78)]
    with pytest.raises(CliError, match="another half-life") as trouble:
        Mender([made.part()]).mend()
    assert trouble.value.code == 78


def test_without_room_a_part_waits_and_is_reported_once(made: Made) -> None:
    mender = Mender([made.part(ENDLESS)])
    told = [mender.mend() for _ in range(10 * TRIES)]
    assert told[0].startswith(f"Kafka has stopped: the disk of {made.folder} has ")
    assert told[0].endswith("Make room; it goes on by itself, and nothing acknowledged is lost.")
    assert set(told[1:]) == {""}
    assert made.starts == 0


def test_with_room_again_a_part_goes_on(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    part = made.part(100)
    mender = Mender([part])
    free = [99, 99, 99, 99, 100]
    monkeypatch.setattr(Part, "free_bytes", lambda self: free[0])
    mender.mend()
    free[0] = 100
    assert mender.mend() == "There is room again. Kafka runs."
    assert made.running


def test_a_start_that_fails_for_want_of_room_is_waited_for(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk fills up while the part starts."""
    free = [100]
    monkeypatch.setattr(Part, "free_bytes", lambda self: free[0])

    class Filling(Made):
        def start(self) -> None:
            free[0] = 3
            raise DiskFullError("no room")

    mender = Mender([Filling(made.folder).part(100)])
    assert "Kafka has stopped" in mender.mend()
    assert mender.mend() == ""


def test_a_waiting_part_does_not_stop_restarts_of_others(made: Made) -> None:
    other = Made(made.folder)
    mender = Mender([made.part(ENDLESS), other.part(name="The worker")])
    assert mender.mend().splitlines()[1:] == ["It ended.", "The worker is started again."]
    assert other.running

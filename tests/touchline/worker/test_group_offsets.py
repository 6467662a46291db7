"""Requests are repeated while the coordinator loads, up to a limit."""

import pytest
from kafka.errors import CoordinatorLoadInProgressError, NotCoordinatorError, TopicAuthorizationFailedError

from touchline.worker import group_offsets
from touchline.worker.group_offsets import retry_while_loading


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(group_offsets, "RETRY_S", 0.0)


def test_request_is_repeated_while_the_coordinator_loads() -> None:
    answers: list[object] = [CoordinatorLoadInProgressError(), NotCoordinatorError(), "offsets"]

    def request() -> object:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    assert retry_while_loading(request) == "offsets"
    assert answers == []


@pytest.mark.parametrize(("error", "limit_s"), [(NotCoordinatorError(), -1.0), (TopicAuthorizationFailedError(), 60.0)])
def test_other_or_lasting_errors_are_raised(error: Exception, limit_s: float) -> None:
    def request() -> None:
        raise error

    with pytest.raises(type(error)):
        retry_while_loading(request, limit_s)

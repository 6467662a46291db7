"""A request is repeated while Kafka makes its topic of offsets, and no longer than it may take."""

import pytest
from kafka.errors import CoordinatorLoadInProgressError, NotCoordinatorError, TopicAuthorizationFailedError

from touchline.worker import group_offsets
from touchline.worker.group_offsets import retry_while_loading


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(group_offsets, "RETRY_S", 0.0)


def test_a_loading_coordinator_is_asked_again() -> None:
    answers: list[object] = [CoordinatorLoadInProgressError(), NotCoordinatorError(), "offsets"]

    def request() -> object:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    assert retry_while_loading(request) == "offsets"
    assert answers == []


@pytest.mark.parametrize(("error", "limit_s"), [(NotCoordinatorError(), -1.0), (TopicAuthorizationFailedError(), 60.0)])
def test_another_error_or_one_that_lasts_is_raised(error: Exception, limit_s: float) -> None:
    def request() -> None:
        raise error

    with pytest.raises(type(error)):
        retry_while_loading(request, limit_s)

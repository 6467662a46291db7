"""Refusals of requests: every reason has a status, and the answer is JSON with the reason and the detail."""

import json

import pytest

from sources.collector.refusal import STATUS, Refusal, RefusalReason, answer_refusal


@pytest.mark.parametrize("reason", list(RefusalReason))
def test_every_reason_has_a_status_and_an_answer(reason: RefusalReason) -> None:
    answer = answer_refusal(Refusal(reason, "send less"))
    assert answer.status == STATUS[reason]
    assert 400 <= answer.status < 600
    assert json.loads(answer.body) == {"error": reason.value, "detail": "send less"}
    assert (answer.content_type, answer.headers) == ("application/json", ())


def test_the_time_to_wait_is_a_header() -> None:
    answer = answer_refusal(Refusal(RefusalReason.RATE_LIMITED, "slow down", retry_after_s=7))
    assert answer.headers == ((b"retry-after", b"7"),)


def test_an_endpoint_may_choose_the_status_that_its_clients_understand() -> None:
    assert answer_refusal(Refusal(RefusalReason.TOO_LARGE, "too large"), status=400).status == 400

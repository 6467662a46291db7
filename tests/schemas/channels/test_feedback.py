"""The only type of feedback, and what its scores are worth on each scale."""

import pytest
from pydantic import ValidationError

from schemas.channels.feedback import Feedback
from tests.schemas.touches import changed
from tests.streams.intake.reading import default_rules, take


@pytest.mark.parametrize("type_", ["page", "Given", None])
def test_other_types(type_: object) -> None:
    with pytest.raises(ValidationError, match="literal_error"):
        Feedback.model_validate(changed("feedback", type=type_))


def test_feedback_without_a_score_is_a_touch() -> None:
    touch = take("feedback", changed("feedback", text="Quick and friendly."))
    assert (touch.rule, touch.weight) == ("feedback_given", 5.0)


@pytest.mark.parametrize(
    ("score", "scale", "rule", "weight"),
    [
        (10.0, 10.0, "feedback_good", 20.0),
        (9.0, 10.0, "feedback_good", 20.0),
        (8.0, 10.0, "feedback_given", 5.0),
        (7.0, 10.0, "feedback_given", 5.0),
        (6.0, 10.0, "feedback_bad", -10.0),
        (0.0, 10.0, "feedback_bad", -10.0),
        (4.0, 5.0, "feedback_satisfied", 20.0),
        (3.0, 5.0, "feedback_given", 5.0),
        (2.0, 5.0, "feedback_unsatisfied", -10.0),
        (1.0, 1.0, "feedback_given", 5.0),
        (None, 10.0, "feedback_given", 5.0),
    ],
)
def test_default_rules(score: float | None, scale: float, rule: str, weight: float) -> None:
    match = default_rules().match({"channel": "feedback", "type": "given", "score": score, "scale": scale})
    assert (match.rule, match.weight, match.cap, match.cap_value) == (rule, weight, 1, "feedback")

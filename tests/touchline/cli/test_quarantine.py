"""A reason that is not in the list is answered with the list."""

import pytest

from tests.touchline.cli.running import WRONG_USE, run


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("quarantine list --reason unknow_type", "'unknown_type'"),
        ("quarantine replay --reason unknow_type", "'unknown_type'"),
        ("top --channel call", "is not one of 'calls', 'emails', 'visits'"),
    ],
)
def test_a_word_that_is_not_in_a_list_is_answered_with_the_list(line: str, named: str) -> None:
    answer = run(*line.split())
    assert answer.exit_code == WRONG_USE
    assert named in answer.stderr

"""Options with a fixed choice."""

import pytest

from schemas.channels import CHANNELS
from tests.touchline.cli.running import WRONG_USE, run


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("quarantine list --reason unknow_type", "'unknown_type'"),
        ("quarantine replay --reason unknow_type", "'unknown_type'"),
        ("top --channel call", f"is not one of {', '.join(map(repr, sorted(CHANNELS)))}"),
    ],
)
def test_error_about_an_unknown_choice_lists_the_choices(line: str, named: str) -> None:
    answer = run(*line.split())
    assert answer.exit_code == WRONG_USE
    assert named in answer.stderr
    assert "<" not in answer.stderr.partition("Error:")[2], "choices are shown as they are typed"

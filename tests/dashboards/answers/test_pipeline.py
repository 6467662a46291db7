"""Records that wait for the pipeline."""

import pytest

from dashboards.answers.pipeline import PipelineState, StageState


@pytest.mark.parametrize(
    ("waiting", "expected"), [((0, 3, 4), 7), ((0, 0, 0), 0), ((1, None, 2), None)], ids=["some", "none", "unknown"]
)
def test_waiting_is_the_sum_of_the_stages_if_all_are_known(
    waiting: tuple[int | None, ...], expected: int | None
) -> None:
    stages = tuple(StageState(name, "", count, None, None) for name, count in zip("abc", waiting, strict=True))
    assert PipelineState(0, stages, None, None, None, ()).waiting == expected

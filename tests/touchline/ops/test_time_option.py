"""Times that are given as options."""

import pytest

from tests.tables import table
from touchline.errors import CliError
from touchline.ops.time_option import read_time_option


@table(
    ("text", "ms"),
    [("1970-01-01T00:00:01Z", 1000), ("2026-01-31T10:30:00+01:00", 1_769_851_800_000)],
)
def test_time_with_a_zone_is_read(text: str, ms: int) -> None:
    assert read_time_option("--since", text) == ms


@table(("text", "reason"), [("yesterday", "not a time"), ("2026-01-31", "zone"), ("2026-01-31T10:00", "zone")])
def test_text_that_is_no_time_is_an_error(text: str, reason: str) -> None:
    with pytest.raises(CliError, match=f"^--since '{text}' .*{reason}") as refused:
        read_time_option("--since", text)
    assert refused.value.code == 2

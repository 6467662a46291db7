"""Data folders on which a command can start Kafka and the engine itself."""

from pathlib import Path

import pytest

from touchline.local.stopped_folder import is_startable, started
from touchline.settings import read_settings

KAFKA = {"kafka": "127.0.0.1:1"}
CLICKHOUSE = {"clickhouse": "http://u:p@127.0.0.1:1/t"}


@pytest.mark.parametrize(
    ("made", "given", "startable"),
    [
        (("kafka", "users.json"), {}, True),
        (("kafka",), {}, False),
        (("users.json",), {}, False),
        ((), {}, False),
        (("users.json",), KAFKA, True),
        (("kafka",), CLICKHOUSE, True),
        ((), KAFKA, False),
        ((), CLICKHOUSE, False),
        (("kafka", "users.json"), KAFKA | CLICKHOUSE, False),
    ],
)
def test_part_is_started_if_the_folder_has_run_it_before(
    folder: Path, made: tuple[str, ...], given: dict[str, str], startable: bool
) -> None:
    for name in made:
        (folder / name).touch() if "." in name else (folder / name).mkdir()
    assert is_startable(read_settings(**given)) is startable


def test_addresses_that_are_set_are_used_unchanged(folder: Path) -> None:
    (folder / "kafka").mkdir()
    (folder / "users.json").touch()
    settings = read_settings(**KAFKA, **CLICKHOUSE)
    with started(settings, lambda text: None) as addressed:
        assert addressed is settings

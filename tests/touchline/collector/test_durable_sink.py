"""The sink by the settings: with a spool or without, and a folder that cannot be used."""

from pathlib import Path

import pytest

from deploy.folder_lock import lock_folder
from sources.collector.group_commit import KafkaSink
from sources.collector.spool.spooled_sink import SpooledSink
from touchline.collector.durable_sink import make_sink
from touchline.errors import CliError
from touchline.settings import Settings, read_settings


def settings_of(data: Path, **given: object) -> Settings:
    return read_settings(kafka="127.0.0.1:1", data=str(data), **given)


async def test_without_a_spool_it_is_kafka_alone(tmp_path: Path) -> None:
    durable = make_sink(settings_of(tmp_path))
    assert isinstance(durable.sink, KafkaSink)
    assert durable.spool is None
    assert durable.saved_keys is None


@pytest.mark.parametrize("absolute", [False, True])
async def test_a_relative_folder_is_inside_the_data_folder(tmp_path: Path, absolute: bool) -> None:
    folder = tmp_path / "elsewhere" if absolute else Path("spool")
    durable = make_sink(settings_of(tmp_path / "data", collect_spool=str(folder)))
    assert isinstance(durable.sink, SpooledSink)
    assert durable.spool is not None
    assert durable.spool.folder == (folder if absolute else tmp_path / "data" / "spool")
    assert durable.saved_keys == durable.spool.folder / "write-keys"
    await durable.spool.close()


async def test_a_folder_in_use_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with lock_folder(tmp_path / "spool"), pytest.raises(CliError, match=r"in use by process .* cannot share a spool"):
        make_sink(settings_of(tmp_path, collect_spool="spool"))


async def test_a_folder_that_cannot_be_made_is_refused_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "spool").touch()
    with pytest.raises(CliError, match="spool cannot be used"):
        make_sink(settings_of(tmp_path, collect_spool="spool"))

"""The demo key: one per data folder, known to Kafka, readable by the owner alone."""

import stat
import uuid
from pathlib import Path

import msgspec
import pytest

from sources.collector.keys.entry_layout import WRITE_KEYS
from sources.collector.keys.key_format import hash_key, is_well_formed
from touchline.errors import CliError
from touchline.local.demo_key import demo_key, ensure_demo_key
from touchline.serving.demo_key_file import NAME
from touchline.settings import read_settings
from touchline.worker.key_topic import read_entries, store_entry
from touchline.worker.stages import topics_of


def test_folder_keeps_its_key(folder: Path) -> None:
    key = demo_key(folder)
    assert is_well_formed(key)
    assert demo_key(folder) == key
    assert stat.S_IMODE((folder / NAME).stat().st_mode) == 0o600


@pytest.mark.parametrize("content", [b"", b"tl_abc\n", b"\xff"])
def test_damaged_file_is_an_error(folder: Path, content: bytes) -> None:
    (folder / NAME).write_bytes(content)
    with pytest.raises(CliError, match=r"demo\.key is damaged: delete it"):
        demo_key(folder)


def test_kafka_has_the_entry_once_and_a_revoked_key_stays_revoked(folder: Path, kafka: str) -> None:
    settings = read_settings(kafka=kafka, topic_prefix=f"keys-{uuid.uuid4().hex[:8]}.")
    key = ensure_demo_key(settings)
    (entry,) = read_entries(settings, topics_of(settings).write_keys, WRITE_KEYS).values()
    assert (entry.source, entry.tenant, entry.revoked) == ("demo", "main", False)
    assert ensure_demo_key(settings) == key == demo_key(folder)
    assert list(read_entries(settings, topics_of(settings).write_keys, WRITE_KEYS).values()) == [entry]
    store_entry(
        settings,
        topics_of(settings).write_keys,
        WRITE_KEYS,
        hash_key(key),
        msgspec.structs.replace(entry, revoked=True),
    )
    assert ensure_demo_key(settings) == ""

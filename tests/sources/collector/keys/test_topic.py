"""Entries are read from and written to a real topic; records that are no entries do no harm."""

import uuid
from types import SimpleNamespace
from typing import Any

import pytest

from sources.collector.keys.entry_layout import WRITE_KEYS
from sources.collector.keys.key_format import hash_key, new_key
from sources.collector.keys.key_table import KeyTable
from sources.collector.keys.topic import KeyTopicMissingError, apply_record, read_table, write_entry
from tests.sources.collector.keys.entries import entry
from tests.streams.cluster import make_topics, write_records

KEY = new_key()
HASH = hash_key(KEY)


@pytest.fixture
def topic(kafka: str) -> str:
    name = f"keys-{uuid.uuid4().hex[:8]}"
    make_topics(kafka, name, partitions=1, cleanup_policy="compact")
    return name


def apply(table: KeyTable, key: bytes | None, value: bytes | None) -> list[str]:
    """Apply a record and return the warnings."""
    warnings: list[str] = []
    record: Any = SimpleNamespace(key=key, value=value, offset=7, topic="write-keys")
    apply_record(table, record, WRITE_KEYS, lambda text, *arguments: warnings.append(text % arguments))
    return warnings


async def test_an_empty_topic_has_no_entries(kafka: str, topic: str) -> None:
    assert (await read_table(kafka, topic, WRITE_KEYS)).entries() == {}


async def test_the_last_entry_of_each_key_is_read(kafka: str, topic: str) -> None:
    other = hash_key(new_key())
    await write_entry(kafka, topic, WRITE_KEYS, HASH, entry())
    await write_entry(kafka, topic, WRITE_KEYS, other, entry("k2"))
    await write_entry(kafka, topic, WRITE_KEYS, HASH, entry(revoked=True))
    table = await read_table(kafka, topic, WRITE_KEYS)
    assert table.entries() == {HASH: entry(revoked=True), other: entry("k2")}
    assert table.find(KEY) is None


async def test_records_of_other_programs_are_skipped(kafka: str, topic: str) -> None:
    """Kafka itself refuses records without a key, since the topic is compacted."""
    records = [(b"short", b"y"), (HASH, WRITE_KEYS.encode(entry())), (b"h" * 32, b"\xffz")]
    await write_records(kafka, topic, {0: records})
    assert (await read_table(kafka, topic, WRITE_KEYS)).entries() == {HASH: entry()}


async def test_a_missing_topic_is_an_error(kafka: str) -> None:
    with pytest.raises(KeyTopicMissingError, match="Kafka has no topic missing-keys"):
        await read_table(kafka, "missing-keys", WRITE_KEYS)


@pytest.mark.parametrize("value", [b"", b"\xff", b"\x01", b"\x02" + WRITE_KEYS.encode(entry())[1:]])
def test_a_key_whose_last_record_cannot_be_read_is_unknown(value: bytes) -> None:
    table = KeyTable()
    assert apply(table, HASH, WRITE_KEYS.encode(entry())) == []
    assert table.find(KEY) == entry()
    (warning,) = apply(table, HASH, value)
    assert warning.startswith("Record 7 of topic write-keys is no entry of a write key: ")
    assert table.find(KEY) is None


def test_a_tombstone_removes_a_key_without_a_warning() -> None:
    table = KeyTable()
    apply(table, HASH, WRITE_KEYS.encode(entry()))
    assert apply(table, HASH, None) == []
    assert table.find(KEY) is None


@pytest.mark.parametrize("key", [None, b"", b"short"])
def test_a_record_without_a_hash_changes_nothing(key: bytes | None) -> None:
    table = KeyTable()
    assert len(apply(table, key, WRITE_KEYS.encode(entry()))) == 1
    assert table.entries() == {}

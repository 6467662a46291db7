"""Records of the topic of write keys."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.collector.keys.entry import KeyEntry
from sources.collector.keys.entry_layout import LAYOUT, WRITE_KEYS, EntryError
from tests.sources.collector.keys.entries import entry

HASH = b"h" * 32
FULL = entry(channels=("visits", "orders"), origins=("*.example.org",), rate_per_s=50, revoked=True)


@given(st.builds(KeyEntry, created_at_ms=st.integers(0, 2**53), rate_per_s=st.integers(0, 2**31)))
def test_an_entry_is_read_as_it_was_written(written: KeyEntry) -> None:
    assert WRITE_KEYS.decode(HASH, WRITE_KEYS.encode(written)) == written


def test_layout_1_can_be_read() -> None:
    """These bytes are stored in topics: later versions must read them."""
    fields = {
        "key_id": "k1",
        "tenant": "main",
        "source": "shop",
        "channels": ["visits", "orders"],
        "origins": ["*.example.org"],
        "rate_per_s": 50,
        "created_at_ms": 1_764_547_200_000,
        "revoked": True,
    }
    assert WRITE_KEYS.decode(HASH, b"\x01" + msgspec.msgpack.encode(fields)) == FULL


def test_fields_of_a_later_version_are_ignored() -> None:
    later = msgspec.to_builtins(FULL) | {"note": "x"}
    assert WRITE_KEYS.decode(HASH, bytes((LAYOUT,)) + msgspec.msgpack.encode(later)) == FULL


def test_a_tombstone_is_no_entry() -> None:
    assert WRITE_KEYS.decode(HASH, None) is None


@pytest.mark.parametrize(
    ("key_hash", "value", "reason"),
    [
        (None, WRITE_KEYS.encode(FULL), "its key is not a hash of 32 bytes"),
        (b"short", WRITE_KEYS.encode(FULL), "its key is not a hash of 32 bytes"),
        (HASH, b"", "its layout is missing"),
        (HASH, b"\x02" + WRITE_KEYS.encode(FULL)[1:], "its layout is 2, this version of Touchline knows 1"),
        (HASH, b'{"key_id":"k1"}', "its layout is 123"),
        (HASH, b"\x01\x80", "missing required field `key_id`"),
        (HASH, b"\x01", "truncated"),
    ],
)
def test_other_records_are_errors(key_hash: bytes | None, value: bytes, reason: str) -> None:
    with pytest.raises(EntryError, match=reason):
        WRITE_KEYS.decode(key_hash, value)

"""Derived event ids: equal for equal content of one key, different for anything else."""

from sources.collector.event_ids import derived_id, hash_of
from sources.collector.keys.entry import KeyEntry
from tests.sources.collector.running import ENTRY


def test_derived_ids_depend_on_key_body_and_position() -> None:
    other = KeyEntry("k-other", "main", "shop", (), (), 0, 0)
    ids = {derived_id(hash_of(entry, body), n) for entry in (ENTRY, other) for body in (b"a", b"b") for n in (0, 1)}
    assert len(ids) == 8
    assert derived_id(hash_of(ENTRY, b"a"), 0) in ids

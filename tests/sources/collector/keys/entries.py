"""Entries of write keys for tests."""

from sources.collector.keys.entry import KeyEntry


def entry(
    key_id: str = "k1",
    *,
    tenant: str = "main",
    source: str = "shop",
    channels: tuple[str, ...] = (),
    origins: tuple[str, ...] = (),
    rate_per_s: int = 0,
    created_at_ms: int = 1_764_547_200_000,
    revoked: bool = False,
) -> KeyEntry:
    """Return an entry without limits, except for those given."""
    return KeyEntry(key_id, tenant, source, channels, origins, rate_per_s, created_at_ms, revoked)

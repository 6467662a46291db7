"""A profile's aggregates from two sources: as stored in `profiles`, and recomputed from `events`."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from dashboards.answers.run_query import Client, Row, read

ALL: Final = ""  # means all channels; only stored aggregates have such a sum


@dataclass(slots=True)
class Aggregates:
    """All aggregates of a profile. `sessions` and `runs` are (number, checksum of their contents).

    `known` means that `profiles` (stored) or `identities` (recomputed) has it as a profile.
    """

    known: bool = True
    touches: dict[str, int] = field(default_factory=dict)  # by channel
    total: int = 0  # of all channels; stored aggregates only
    bots: int = 0
    first_ms: int = 0
    last_ms: int = 0
    identifiers: int = 0
    ranks: dict[tuple[str, bool], float] = field(default_factory=dict)  # (channel, is positive)
    sessions: tuple[int, int] = (0, 0)
    runs: tuple[int, int] = (0, 0)


ByProfile = dict[str, Aggregates]


def recount(client: Client, values: Mapping[str, Any], identifiers: Mapping[str, int]) -> ByProfile:
    """Recompute the aggregates of these profiles from `events`. `identifiers` has their numbers of identifiers.

    Profiles that were created since that was read are left out.
    """
    found: ByProfile = {name: Aggregates(identifiers=count) for name, count in identifiers.items()}
    for row in _of(found, read(client, "audit_counts", **values)):
        one = found[row["profile"]]
        one.first_ms = min(one.first_ms, row["first_ms"]) if one.touches else row["first_ms"]
        one.last_ms = max(one.last_ms, row["last_ms"])
        one.touches[row["channel"]] = row["touches"]
        one.bots += row["bots"]
    for row in _of(found, read(client, "audit_ranks", **values)):
        found[row["profile"]].ranks[row["channel"], bool(row["positive"])] = row["rank"]
    for row in _of(found, read(client, "audit_sessions", **values)):
        found[row["profile"]].sessions = row["sessions"], row["print"]
    for row in _of(found, read(client, "audit_runs", **values)):
        found[row["profile"]].runs = row["runs"], row["print"]
    return found


def _of(found: ByProfile, rows: Iterable[Row]) -> Iterator[Row]:
    return (row for row in rows if row["profile"] in found)


def read_stored(client: Client, values: Mapping[str, Any]) -> ByProfile:
    """Return the aggregates in `profiles`, `sessions` and `session_pieces`."""
    found: ByProfile = {}
    for row in read(client, "audit_profiles", **values):
        if not row["parent"]:
            found[row["identifier"]] = _stored(row)
    for row in read(client, "audit_sessions_kept", **values):
        found.setdefault(row["profile"], Aggregates(known=False)).sessions = row["sessions"], row["print"]
    for row in read(client, "audit_runs_kept", **values):
        found.setdefault(row["profile"], Aggregates(known=False)).runs = row["runs"], row["print"]
    return found


def _stored(row: Mapping[str, Any]) -> Aggregates:
    ranks = {(channel, True): rank for channel, rank in row["rank_pos_by"].items()}
    ranks |= {(channel, False): rank for channel, rank in row["rank_neg_by"].items()}
    ranks |= {(ALL, True): row["rank_pos"], (ALL, False): row["rank_neg"]}
    seen = row["touches"] > 0
    return Aggregates(
        touches=dict(row["touches_by"]),
        total=row["touches"],
        bots=row["bots"],
        first_ms=row["first_ms"] if seen else 0,
        last_ms=row["last_ms"] if seen else 0,
        identifiers=row["identifiers"],
        ranks=ranks,
    )

"""How a profile stands, read twice: as the pipeline keeps it, and as its touches say."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from dashboards.answers.run_query import Client, Row, read

ALL: Final = ""  # stands for all channels together, where only the kept side has a sum of its own


@dataclass(slots=True)
class Standing:
    """Everything that can be computed from touches. `sessions` and `runs` are (how many, a sum over what they are).

    `known`: it stands as a profile in `identities` (what the touches say) or in `profiles` (what is kept).
    """

    known: bool = True
    touches: dict[str, int] = field(default_factory=dict)  # by channel
    total: int = 0  # of all channels; only the kept side has it
    bots: int = 0
    first_ms: int = 0
    last_ms: int = 0
    identifiers: int = 0
    ranks: dict[tuple[str, bool], float] = field(default_factory=dict)  # (channel, positive?)
    sessions: tuple[int, int] = (0, 0)
    runs: tuple[int, int] = (0, 0)


Standings = dict[str, Standing]


def recount(client: Client, values: Mapping[str, Any], identifiers: Mapping[str, int]) -> Standings:
    """From `events`, for the profiles named in `identifiers` (with the number of identifiers of each).

    A profile that came into being since they were named is left out.
    """
    found: Standings = {name: Standing(identifiers=count) for name, count in identifiers.items()}
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


def _of(found: Standings, rows: Iterable[Row]) -> Iterator[Row]:
    return (row for row in rows if row["profile"] in found)


def kept(client: Client, values: Mapping[str, Any]) -> Standings:
    """From `profiles`, `sessions` and `session_pieces`: what everybody else reads."""
    found: Standings = {}
    for row in read(client, "audit_profiles", **values):
        if not row["parent"]:
            found[row["identifier"]] = _kept(row)
    for row in read(client, "audit_sessions_kept", **values):
        found.setdefault(row["profile"], Standing(known=False)).sessions = row["sessions"], row["print"]
    for row in read(client, "audit_runs_kept", **values):
        found.setdefault(row["profile"], Standing(known=False)).runs = row["runs"], row["print"]
    return found


def _kept(row: Mapping[str, Any]) -> Standing:
    ranks = {(channel, True): rank for channel, rank in row["rank_pos_by"].items()}
    ranks |= {(channel, False): rank for channel, rank in row["rank_neg_by"].items()}
    ranks |= {(ALL, True): row["rank_pos"], (ALL, False): row["rank_neg"]}
    seen = row["touches"] > 0
    return Standing(
        touches=dict(row["touches_by"]),
        total=row["touches"],
        bots=row["bots"],
        first_ms=row["first_ms"] if seen else 0,
        last_ms=row["last_ms"] if seen else 0,
        identifiers=row["identifiers"],
        ranks=ranks,
    )

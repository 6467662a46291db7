"""The rows that leave the fold, in the column order of schemas.columns, each with the offset it came from."""

from dataclasses import dataclass, field
from operator import itemgetter

from schemas.touch import Touch
from streams.fold.dedupe import Seen
from streams.fold.identity import Ties, conflicts, place_of
from streams.fold.profile import Own, Summary, piece_values, profile_values
from streams.fold.row import encode_row

Fact = tuple[int, bytes]  # activity offset, encoded row


@dataclass(slots=True)
class Rows:
    """What a batch brings to each table."""

    events: list[Fact] = field(default_factory=list)
    profiles: list[Fact] = field(default_factory=list)
    session_pieces: list[Fact] = field(default_factory=list)
    identities: list[Fact] = field(default_factory=list)

    def tables(self) -> dict[str, list[Fact]]:
        """Facts by table, in the order of their offsets."""
        named = {
            "events": self.events,
            "profiles": self.profiles,
            "session_pieces": self.session_pieces,
            "identities": self.identities,
        }
        return {table: sorted(facts, key=itemgetter(0)) for table, facts in named.items() if facts}


def identifier_in(key: str) -> tuple[str, str]:
    """(tenant, namespace:value) of a key."""
    tenant, _, identifier = key.partition("|")
    return tenant, identifier


def event_row(
    touch: Touch, owner: str, weight: float, too_late: bool, seen: Seen, partition: int, offset: int
) -> bytes:
    """A touch's row: what intake encoded, and what the fold found out."""
    folded_into = owner.partition("|")[2]
    return touch.head + encode_row([folded_into, weight, too_late, seen is Seen.BEYOND_WINDOW, partition, offset])


def profile_row(key: str, parent: str, whole: Summary, partition: int, offset: int) -> bytes:
    """A profile as it is now; `parent` is not empty if it is none any more."""
    tenant, identifier = identifier_in(key)
    place = identifier_in(parent)[1] if parent else ""
    return encode_row([tenant, identifier, place, *profile_values(whole), partition, offset])


def piece_row(key: str, own: Own, day: int, partition: int, offset: int) -> bytes:
    """All runs of one identifier's UTC day."""
    return encode_row([*identifier_in(key), day, *piece_values(own, day), partition, offset])


def identity_row(key: str, ties: Ties, partition: int, offset: int) -> bytes:
    """Whose an identifier is, and why."""
    place = place_of(ties)
    parent = identifier_in(place.parent)[1] if place.parent else ""
    lost = [identifier_in(target)[1] for target, _ in conflicts(ties)]
    return encode_row([*identifier_in(key), parent, place.since or 0, place.why.value, lost, partition, offset])

"""A profile as other systems get it: JSON on the compacted topic `profiles`, keyed `tenant|namespace:value`."""

from typing import Final

import msgspec

from streams.fold.score import rank, sum_of
from streams.fold.summary import Summary, last_source
from streams.fold.traits import current

_encode: Final = msgspec.json.Encoder().encode


def publish(key: str, whole: Summary | None, offset: int) -> bytes | None:
    """The record's value; None (a tombstone) where an identifier is no profile any more.

    The score at time t is `2^(rank_pos - t / half_life) - 2^(rank_neg - t / half_life)`, both in the same unit.
    """
    if whole is None:
        return None
    tenant, _, identifier = key.partition("|")
    first, last = whole.first, last_source(whole)
    return _encode(
        {
            "tenant": tenant,
            "identifier": identifier,
            "version": offset,
            "touches": whole.touches,
            "bots": whole.bots,
            "identifiers": whole.identifiers,
            "first_seen_ms": whole.first_seen_ms,
            "last_seen_ms": whole.last_seen_ms,
            "rank_pos": rank(sum_of(whole.pos)),
            "rank_neg": rank(sum_of(whole.neg)),
            "rank_pos_by": {channel: rank(one) for channel, one in whole.pos.items()},
            "rank_neg_by": {channel: rank(one) for channel, one in whole.neg.items()},
            "first_source": first.source if first else "",
            "last_source": last.source if last else "",
            "traits": current(whole.traits),
            "rules_version": whole.rules_version,
        }
    )

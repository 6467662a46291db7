"""Revisions of a touch: which one counts, the row that takes a former one out of the rollups, and the kept touch.

`events` keeps the newest row of a key by itself. Rollups are sums, so beside the row of a revision goes one with the
dimensions and the weight of the former revision and `change` -1 (docs/decisions/023).
"""

from enum import Enum
from hashlib import blake2b
from typing import Final, NamedTuple

import msgspec

from schemas.columns import EVENT_HEAD
from schemas.msgpack_values import encode_value
from schemas.row_binary import encode_event_tail, encode_int64, encode_values
from schemas.row_reader import EncodedRow, RowReader
from schemas.touch import Touch
from streams.engage.dedupe import day_of_id
from streams.engage.rows import EncodedIdentifier, event_row
from streams.profile.local_state import Dimension, LocalState, RevisableTouch
from streams.profile.revisable_touches import find_revisable, revise
from streams.profile.single_touch import single_touch_of

FIRST, REVISION, FORMER = 1, 2, -1  # values of the column `change`

_DIGEST_BYTES: Final = 8
_HEAD: Final = RowReader(EVENT_HEAD)
_ARRIVAL: Final = ("received_at", "raw_topic", "raw_partition", "raw_offset")
# What rollups count by and add up, beside tenant, event time, bot mark and weight. Names are only added, at the end: a
# touch that a former version kept has the first ones.
_DIMENSIONS: Final = (
    "type", "lead_source", "referrer_class", "device", "country", "campaign_source", "campaign_medium", "campaign_name",
    "campaign", "click_id_kind", "direction", "queue", "agent", "wait_s", "duration_s", "source", "received_at",
    "flags",
)  # fmt: skip


class RevisionVerdict(Enum):
    """The result of a repeated touch that carries a revision. The values are labels of a metric."""

    REVISED = "revised"  # it replaces what counted
    OUTDATED = "outdated"  # a newer revision counts
    DUPLICATE = "duplicate"
    LATE = "late_revision"  # the touch is final, or never could be revised


def revisable_of(touch: Touch, half_life_ms: int) -> RevisableTouch:
    """Return a touch with a revision as it is kept. Raises `msgspec.DecodeError` if its head is not such a row."""
    head = _HEAD.row(touch.head)
    return RevisableTouch(
        touch.revision or 0,
        _digest(touch, head),
        day_of_id(touch.channel, touch.source_at_ms),
        tuple(_kept(head[name]) for name in _DIMENSIONS),
        single_touch_of(touch, half_life_ms),
    )


def _kept(value: Dimension | list[str]) -> Dimension:
    return tuple(value) if isinstance(value, list) else value


class Replacement(NamedTuple):
    """The result of a repeated touch with a revision. `former` is None if it replaced nothing.

    `touch` is the revision at the time of the touch: a producer may have sent another time, or intake clamped it to the
    arrival. The time decides the day of caps and sessions, and the key of the row.
    """

    verdict: RevisionVerdict
    former: RevisableTouch | None
    touch: Touch


def replace_former(local: LocalState, touch: Touch, half_life_ms: int, gap_ms: int) -> Replacement:
    """Replace the kept revision of a touch if this one is newer. Changes `local`.

    Raises `msgspec.DecodeError` if the touch's head is not a row.
    """
    kept = find_revisable(local, touch.channel, day_of_id(touch.channel, touch.source_at_ms), touch.event_id)
    if kept is None:
        return Replacement(RevisionVerdict.LATE, None, touch)
    new = revisable_of(touch, half_life_ms)
    ours, theirs = (new.revision, new.digest), (kept.revision, kept.digest)
    if ours <= theirs:
        verdict = RevisionVerdict.DUPLICATE if ours == theirs else RevisionVerdict.OUTDATED
        return Replacement(verdict, None, touch)
    touch = _at(touch, kept.touch.occurred_at_ms)
    new = msgspec.structs.replace(new, touch=single_touch_of(touch, half_life_ms))
    revise(local, kept, new, half_life_ms, gap_ms)
    return Replacement(RevisionVerdict.REVISED, kept, touch)


def _at(touch: Touch, t_ms: int) -> Touch:
    """Return a touch at another time, also in its row."""
    if touch.occurred_at_ms == t_ms:
        return touch
    head = _HEAD.row(touch.head).replace(occurred_at=encode_int64(t_ms))
    return msgspec.structs.replace(touch, occurred_at_ms=t_ms, head=head)


def revision_row(touch: Touch, owner: EncodedIdentifier, partition: int, offset: int) -> bytes:
    """Return the row of a revision, which replaces that of the former one."""
    return event_row(touch.head, owner, touch.weight, False, False, REVISION, partition, offset)


def former_row(tenant: str, kept: RevisableTouch, owner: EncodedIdentifier, partition: int, offset: int) -> bytes:
    """Return the row that takes a former revision out of the rollups."""
    single = kept.touch
    values = {
        "tenant": tenant,
        "event_id": single.event_id,
        "channel": single.channel,
        "occurred_at": single.occurred_at_ms,
        "bot": single.bot,
        **dict(zip(_DIMENSIONS, kept.dimensions, strict=False)),
    }
    head = encode_values(EVENT_HEAD, [values.get(column.name, column.empty) for column in EVENT_HEAD])
    weight = 0.0 if single.bot else single.weight
    return head + owner.column + encode_event_tail(weight, False, False, FORMER, partition, offset)


def _digest(touch: Touch, head: EncodedRow) -> bytes:
    """Return 8 bytes of the content of a touch, without its arrival, so that copies of a revision have the same."""
    content = head.replace(**dict.fromkeys(_ARRIVAL, b""))
    outcome = (touch.type, touch.bot, touch.weight, touch.cap, touch.cap_value, touch.page, touch.source, touch.medium)
    rest = encode_value((*outcome, touch.campaign, sorted(touch.traits.items()), touch.rules_version))
    return blake2b(content + rest, digest_size=_DIGEST_BYTES).digest()

"""A touch as a record on `activity`: the values that engage needs, and the row in `events`."""

from typing import Final

import msgspec

SESSION_GAP_MS: Final = 1_800_000  # between two touches of one session; the view `sessions` has the same


class Touch(msgspec.Struct, array_like=True, tag_field="kind", tag=1, gc=False, frozen=True):
    """One validated, normalised and enriched touch. Times are UTC milliseconds."""

    tenant: str
    event_id: str
    channel: str
    type: str
    source_at_ms: int  # the source's own time, the same in every retry: dedupe uses its day
    occurred_at_ms: int  # corrected by the sender's clock and clamped: event time
    received_at_ms: int
    ids: tuple[str, ...]  # keys `tenant|namespace:value`, strongest first; no junk values, one of each namespace
    bot: bool
    rule: str  # '' if none matched
    weight: float
    cap: int  # 0: unlimited
    cap_value: str
    page: str  # host and path, of touches that have a url
    source: str  # lead source, '' if unknown
    medium: str
    campaign: str
    traits: dict[str, str]  # of the customer; country and device are `$country` and `$device`
    raw: str  # topic/partition/offset of the raw record
    rules_version: str
    head: bytes  # the first columns of its `events` row, encoded (schemas.columns.EVENT_HEAD)
    layout: int = 1  # of `head` (schemas.row_layouts); touches from before layouts were numbered have the first
    revision: int | None = None  # None: it cannot be revised

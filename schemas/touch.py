"""A touch as it travels on `activity`: what the fold reads, and the row it will become."""

from typing import Final

import msgspec

SESSION_GAP_MS: Final = 1_800_000  # between two touches of one session; the view `sessions` has the same


class Touch(msgspec.Struct, array_like=True, tag_field="kind", tag=1, gc=False, frozen=True):
    """One validated, normalised and enriched touch. Times are UTC milliseconds."""

    tenant: str
    event_id: str
    channel: str
    type: str
    source_at_ms: int  # the source's own time, the same in every retry: dedupe looks under its day
    occurred_at_ms: int  # corrected by the sender's clock and clamped: event time
    received_at_ms: int
    ids: tuple[str, ...]  # keys `tenant|namespace:value`, strongest first as intake ranks them; no junk, one each
    bot: bool
    rule: str  # '' : none matched
    weight: float
    cap: int  # 0: none
    cap_value: str
    page: str  # host and path, of touches that have a url
    source: str  # lead source, '' when the touch tells none
    medium: str
    campaign: str
    traits: dict[str, str]  # what it says of the person; country and device under `$country`, `$device`
    raw: str  # topic/partition/offset of the raw record
    rules_version: str
    head: bytes  # the first columns of its `events` row, encoded (schemas.columns.EVENT_HEAD)
    layout: int = 1  # of `head` (schemas.row_layouts); touches from before layouts were numbered have the first

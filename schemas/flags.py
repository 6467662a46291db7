"""Flags: what intake changed or noticed about a touch. They are shown on a timeline and never a reason to drop."""

from enum import StrEnum


class Flag(StrEnum):
    """Values of the column `flags` of `events`."""

    DERIVED_ID = "derived_id"  # the source sent no event id
    CLOCK_CORRECTED = "clock_corrected"
    FUTURE = "future"  # clamped to the arrival
    PAST = "past"  # clamped into retention
    JUNK_IDENTIFIER = "junk_identifier"  # at least one identifier was refused as junk
    MACHINE_OPEN = "machine_open"  # a mail service or a scanner opened the mail, not its reader
    MACHINE_CLICK = "machine_click"  # a scanner followed the mail's link
    BAD_FIELD = "bad_field"  # at least one field could not be read and is among the properties
    UPGRADED = "upgraded"  # sent in an older schema version
    REPLAYED = "replayed"  # accepted after it had been in the quarantine
    ENRICH_FAILED = "enrich_failed"  # at least one step failed; the touch was kept without its result

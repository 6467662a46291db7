"""What a row says about how it came to be: shown on a timeline, never a reason to drop."""

from enum import StrEnum


class Flag(StrEnum):
    """One word each, in the `flags` column of `events`."""

    DERIVED_ID = "derived_id"  # the source sent no event id
    CLOCK_CORRECTED = "clock_corrected"
    FUTURE = "future"  # clamped to the arrival
    PAST = "past"  # clamped into retention
    JUNK_IDENTIFIER = "junk_identifier"  # one at least was refused as an identifier
    MACHINE_OPEN = "machine_open"  # a mail service or a scanner opened the mail, not its reader
    MACHINE_CLICK = "machine_click"  # a scanner followed the mail's link
    BAD_FIELD = "bad_field"  # one at least could not be read and is among the properties
    UPGRADED = "upgraded"  # came in an older schema version
    ENRICH_FAILED = "enrich_failed"  # one step at least could not tell; the touch went on

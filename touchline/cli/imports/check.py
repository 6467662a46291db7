"""The check of a touch before it is sent: rows that intake would refuse are refused here, with their line."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Final

from schemas.flags import Flag
from schemas.rejected import Reason, Rejected
from sources.messages import encode_touch
from sources.outcome import Emit, Outcome, Reject
from streams.enrichment.pipeline import Lookups
from streams.intake.decoder import IntakeConfig, accept
from streams.quarantine import RawRecord
from touchline.settings import Settings
from touchline.worker.rules_file import read_rules

WITHOUT_IDENTIFIER: Final = "without_identifier"
"""Note of a touch without an identifier, or with only values that identify no person."""

BAD_FIELD: Final = Flag.BAD_FIELD.value
"""Note of a touch with a field that intake cannot read, such as a wrong address beside a good customer id."""

Check = Callable[[Emit], Emit | Reject]


def intake_check(settings: Settings, now_ms: int) -> Check:
    """Return a function that returns a refusal, or a touch with the notes `without_identifier` or `bad_field`."""
    config = IntakeConfig(
        rules=read_rules(settings.rules),
        order=settings.identifiers,
        region=settings.phone_region,
        retention_ms=settings.retention_ms,
        largest_bytes=settings.largest_kb * 1024,
        lookups=Lookups(),
    )

    def check(emit: Emit) -> Emit | Reject:
        try:
            value = encode_touch(emit.touch)
        except ValueError as error:
            return Reject("not_json", emit.line_no, str(error))
        record = RawRecord(emit.channel, emit.channel, 0, 0, now_ms, value)
        read = accept(record, config)
        if isinstance(read, Rejected):
            return Reject(read.reason.value, emit.line_no, read.detail + _advice(read, emit))
        notes = ((WITHOUT_IDENTIFIER, not read.identifiers.identifiers), (BAD_FIELD, bool(read.aside)))
        added = tuple(note for note, holds in notes if holds)
        return replace(emit, notes=(*emit.notes, *added)) if added else emit

    return check


def _advice(read: Rejected, emit: Emit) -> str:
    """Return advice for the user about a word that intake does not know, or a number without a country code."""
    if read.reason is Reason.BAD_VALUE and read.detail.startswith("direction:"):
        return ": map other words with --value, such as --value 'direction:in=inbound'"
    phone = emit.touch.get("phone")
    if read.reason is Reason.BAD_PHONE and isinstance(phone, str) and not phone.lstrip().startswith(("+", "00")):
        return ": a number without a country code is read as dialled in TOUCHLINE_PHONE_REGION"
    return ""


def checked(outcomes: Iterable[Outcome], check: Check) -> Iterator[Outcome]:
    """Yield the outcomes, with a refusal for each touch that intake would refuse."""
    return (check(outcome) if isinstance(outcome, Emit) else outcome for outcome in outcomes)

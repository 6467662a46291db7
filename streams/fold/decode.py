"""From a raw record to a touch, or to the reason why it is none. Pure: the same record always gives the same answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Final, NamedTuple

from pydantic import ValidationError

from schemas.channels import CHANNELS
from schemas.common import RawTouch
from schemas.flags import Flag
from schemas.identifiers import Invalid
from schemas.rejected import Reason, Rejected
from schemas.touch import Touch
from schemas.versions import upgrade
from streams.fold.enrich import Enriched, Lookups, enrich
from streams.fold.named import Named, gather, identify
from streams.fold.row import encode_head, flat
from streams.fold.rules import Match, Rules
from streams.fold.times import Times, settle
from streams.fold.urls import split_url
from streams.fold.wire import read_object

_REASONS: Final = {reason.value: reason for reason in Reason}
_ERRORS_TOLD: Final = 5
_ID_BYTES: Final = 16


@dataclass(frozen=True, slots=True)
class RawRecord:
    """One record of a raw topic. A record that was sent again out of the quarantine keeps its first coordinates."""

    channel: str
    topic: str
    partition: int
    offset: int
    received_at_ms: int
    value: bytes | None


@dataclass(frozen=True, slots=True)
class Reading:
    """What intake reads by: the settings that decide how a record becomes a touch."""

    rules: Rules
    order: tuple[str, ...]  # namespaces that identify, strongest first
    region: str  # of phone numbers without a country code
    retention_ms: int
    largest_bytes: int
    lookups: Lookups


def _reason_of(error: Mapping[str, Any]) -> Reason:
    kind = error["type"]
    if kind in _REASONS:
        return _REASONS[kind]
    if kind == "missing":
        return Reason.MISSING_FIELD
    if kind == "literal_error" and error["loc"] == ("type",):
        return Reason.UNKNOWN_TYPE
    return Reason.WRONG_TYPE if kind.endswith(("_type", "_parsing")) else Reason.BAD_VALUE


def _rejected(failure: ValidationError) -> Rejected:
    """All that is wrong, the first of it as the reason."""
    errors = failure.errors(include_url=False, include_context=False)
    said = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in errors[:_ERRORS_TOLD])
    return Rejected(_reason_of(errors[0]), said)


def _identify(raw: RawTouch, reading: Reading) -> Named | Rejected:
    said = raw.fields
    names = gather(raw.ids, said["customer_id"], said["email"], said["phone"], said["anonymous_id"])
    return identify(names, reading.order, reading.region)


def _without_nulls(found: dict[str, Any]) -> dict[str, Any]:
    """A field that is null was left out, whatever its type."""
    return {name: value for name, value in found.items() if value is not None} if None in found.values() else found


def _check_urls(raw: RawTouch) -> Rejected | None:
    for field in ("url", "link_url"):
        value = raw.fields.get(field)
        if value is not None:
            parts = split_url(value)
            if isinstance(parts, Invalid):
                return Rejected(parts.reason, f"{field} {parts.detail}")
    return None


def _event_id(raw: RawTouch, record: RawRecord) -> tuple[str, bool]:
    """(id, derived?). A derived id is the same in every replay, and in every retry that repeats what it is made of."""
    if raw.event_id:
        return raw.event_id, False
    natural = raw.natural_id()
    if natural is None:
        return f"{record.topic}/{record.partition}/{record.offset}", True
    return derive_id(natural), True


def derive_id(natural: str) -> str:
    """The id of a touch that its source gave none, from what makes it unique."""
    return blake2b(natural.encode(), digest_size=_ID_BYTES).hexdigest()


def decode(record: RawRecord, reading: Reading) -> Touch | Rejected:
    """The whole of intake for one record: read, upgrade, validate, normalise, enrich, and make the row."""
    found = read_object(record.value, reading.largest_bytes)
    if isinstance(found, Rejected):
        return found
    given = _without_nulls(found)
    current = upgrade(record.channel, given)
    if isinstance(current, Rejected):
        return current
    try:
        raw = CHANNELS[record.channel].model_validate(current)
    except ValidationError as failure:
        return _rejected(failure)
    refused = _check_urls(raw)
    if refused:
        return refused
    named = _identify(raw, reading)
    if isinstance(named, Rejected):
        return named
    enriched = enrich(raw, named.identifiers, reading.lookups)
    return _build(raw, record, named, enriched, reading, current is not given)


def _build(
    raw: RawTouch, record: RawRecord, named: Named, enriched: Enriched, reading: Reading, upgraded: bool
) -> Touch:
    """The touch, with its row."""
    times = settle(raw.occurred_at, raw.sent_at, record.received_at_ms, reading.retention_ms)
    event_id, derived = _event_id(raw, record)
    fields = flat(raw) | enriched.fields | _origin(raw, record, event_id, times)
    fields |= {
        "flags": _flags(times, enriched, derived=derived, junk=named.junk, upgraded=upgraded),
        "identifiers": named.identifiers,
        "ids": named.others,
    }
    match = reading.rules.match(fields)
    fields |= {"rule": match.rule, "cap": match.cap, "cap_value": match.cap_value}
    head = encode_head(fields | {"rules_version": reading.rules.version})
    return _touch(raw, record, named, enriched, Scored(event_id, times, match, reading.rules.version, head))


def _origin(raw: RawTouch, record: RawRecord, event_id: str, times: Times) -> dict[str, Any]:
    """By column: whose it is, when it was, where it came in."""
    return {
        "tenant": raw.tenant,
        "event_id": event_id,
        "channel": record.channel,
        "occurred_at": times.occurred_at_ms,
        "source_at": times.source_at_ms,
        "received_at": record.received_at_ms,
        "raw_topic": record.topic,
        "raw_partition": record.partition,
        "raw_offset": record.offset,
    }


def _flags(times: Times, enriched: Enriched, *, derived: bool, junk: bool, upgraded: bool) -> list[Flag]:
    ours = ((Flag.DERIVED_ID, derived), (Flag.JUNK_IDENTIFIER, junk), (Flag.UPGRADED, upgraded))
    return [*times.flags, *enriched.flags, *(flag for flag, holds in ours if holds)]


class Scored(NamedTuple):
    """What was worked out of a touch at the end: its id, its times, its rule, its row."""

    event_id: str
    times: Times
    match: Match
    rules_version: str
    head: bytes


def _touch(raw: RawTouch, record: RawRecord, named: Named, enriched: Enriched, scored: Scored) -> Touch:
    times, match = scored.times, scored.match
    return Touch(
        tenant=raw.tenant,
        event_id=scored.event_id,
        channel=record.channel,
        type=raw.type,
        source_at_ms=times.source_at_ms,
        occurred_at_ms=times.occurred_at_ms,
        received_at_ms=record.received_at_ms,
        ids=tuple(f"{raw.tenant}|{identifier}" for identifier in named.identifiers),
        bot=enriched.bot,
        rule=match.rule,
        weight=0.0 if enriched.bot else match.weight,
        cap=match.cap,
        cap_value=match.cap_value,
        page=enriched.page,
        source=enriched.source,
        medium=enriched.medium,
        campaign=enriched.campaign,
        traits=enriched.traits,
        raw=f"{record.topic}/{record.partition}/{record.offset}",
        rules_version=scored.rules_version,
        head=scored.head,
    )

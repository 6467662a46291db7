"""From a raw record to a touch, or to the reason why it is none. Pure: the same record always gives the same answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Final, NamedTuple

from schemas.channels import CHANNELS
from schemas.flags import Flag
from schemas.raw_touch import RawTouch
from schemas.rejected import Rejected
from schemas.row_layouts import EVENTS_LAYOUT
from schemas.touch import Touch
from schemas.versions import upgrade
from streams.enrichment.pipeline import Enriched, Lookups, enrich
from streams.intake.event_row import encode_head, flat
from streams.intake.event_time import Times, settle
from streams.intake.identifiers import Named, gather, identify
from streams.intake.json_reader import read_object
from streams.intake.side_fields import Fields, check_values, read_fields, without_nothing
from streams.quarantine import RawRecord
from streams.rules.evaluator import Match, Rules

_ID_BYTES: Final = 16


@dataclass(frozen=True, slots=True)
class Reading:
    """What intake reads by: the settings that decide how a record becomes a touch."""

    rules: Rules
    order: tuple[str, ...]  # namespaces that identify, strongest first
    region: str  # of phone numbers without a country code
    retention_ms: int
    largest_bytes: int
    lookups: Lookups


class Accepted(NamedTuple):
    """A message that becomes a touch; `aside` are its fields that could not be read, as they came."""

    raw: RawTouch
    aside: dict[str, Any]
    event_id: str
    derived: bool
    named: Named
    upgraded: bool


def _identify(fields: Fields, message: Mapping[str, Any], reading: Reading) -> tuple[Named, dict[str, Any]] | Rejected:
    """(identifiers, fields that were set aside): an unreadable identifier is a side field beside a good one."""
    said = fields.raw.fields
    names = gather(fields.raw.ids, said["customer_id"], said["email"], said["phone"], said["anonymous_id"])
    named = identify(names, reading.order, reading.region)
    refused = fields.naming or next(iter(named.bad.values()), None)
    if refused and not named.identifiers:
        return refused
    aside = dict(fields.aside)
    for namespace in named.bad:
        if said.get(namespace) is None:
            aside["ids"] = {**aside.get("ids", {}), namespace: message["ids"][namespace]}
        else:
            aside[namespace] = message[namespace]
    return named, aside


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
    accepted = accept(record, reading)
    if isinstance(accepted, Rejected):
        return accepted
    return _build(accepted, record, enrich(accepted.raw, accepted.named.identifiers, reading.lookups), reading)


def accept(record: RawRecord, reading: Reading) -> Accepted | Rejected:
    """Whether a record becomes a touch, which decides itself before anything is looked up: read, upgrade, validate,
    normalise."""
    found = read_object(record.value, reading.largest_bytes)
    if isinstance(found, Rejected):
        return found
    given = without_nothing(found)
    current = upgrade(record.channel, given)
    if isinstance(current, Rejected):
        return current
    read = read_fields(CHANNELS[record.channel], current)
    if isinstance(read, Rejected):
        return read
    event_id, derived = _event_id(read.raw, record)  # first: a link that will be set aside distinguishes two clicks
    fields = check_values(read, current)
    if isinstance(fields, Rejected):
        return fields
    identified = _identify(fields, current, reading)
    if isinstance(identified, Rejected):
        return identified
    named, aside = identified
    return Accepted(fields.raw, aside, event_id, derived, named, current is not given)


def _build(accepted: Accepted, record: RawRecord, enriched: Enriched, reading: Reading) -> Touch:
    """The touch, with its row."""
    raw, named, event_id = accepted.raw, accepted.named, accepted.event_id
    times = settle(raw.occurred_at, raw.sent_at, record.received_at_ms, reading.retention_ms)
    fields = flat(raw, accepted.aside) | enriched.fields | _origin(raw, record, event_id, times)
    fields |= {
        "flags": _flags(times, enriched, accepted),
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


def _flags(times: Times, enriched: Enriched, accepted: Accepted) -> list[Flag]:
    ours = (
        (Flag.DERIVED_ID, accepted.derived),
        (Flag.JUNK_IDENTIFIER, accepted.named.junk),
        (Flag.BAD_FIELD, bool(accepted.aside)),
        (Flag.UPGRADED, accepted.upgraded),
    )
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
        layout=EVENTS_LAYOUT,
    )

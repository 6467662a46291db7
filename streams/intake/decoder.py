"""The reference path from a raw record to a touch, or to its refusal. Pure: equal records give equal results."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Final, NamedTuple

from schemas.channels import CHANNELS
from schemas.flags import Flag
from schemas.pings import Ping, limit_engaged
from schemas.raw_touch import RawTouch
from schemas.rejected import Rejected
from schemas.row_layouts import EVENTS_LAYOUT
from schemas.touch import Touch
from schemas.versions import upgrade
from streams.enrichment.pipeline import Enriched, Lookups, enrich
from streams.intake.event_row import encode_head, flat
from streams.intake.event_time import Times, correct_event_time
from streams.intake.identifiers import Identifiers, gather, identify
from streams.intake.json_reader import read_object
from streams.intake.side_fields import Fields, check_values, read_fields, without_nulls
from streams.quarantine import RawRecord
from streams.rules.evaluator import Match, Rules

_ID_BYTES: Final = 16


@dataclass(frozen=True, slots=True)
class IntakeConfig:
    """The settings that decide how a record becomes a touch."""

    rules: Rules
    order: tuple[str, ...]  # namespaces that identify, strongest first
    region: str  # of phone numbers without a country code
    retention_ms: int
    largest_bytes: int
    lookups: Lookups


class Accepted(NamedTuple):
    """A message that becomes a touch; `aside` has the fields that could not be read, as they were sent."""

    raw: RawTouch
    aside: dict[str, Any]
    event_id: str
    derived: bool
    identifiers: Identifiers
    upgraded: bool


def _identify(
    fields: Fields, message: Mapping[str, Any], config: IntakeConfig
) -> tuple[Identifiers, dict[str, Any]] | Rejected:
    """Return (identifiers, fields set aside). An unreadable identifier is a side field beside a valid one."""
    values = fields.raw.fields
    names = gather(fields.raw.ids, values["customer_id"], values["email"], values["phone"], values["anonymous_id"])
    identifiers = identify(names, config.order, config.region)
    refused = fields.naming or next(iter(identifiers.bad.values()), None)
    if refused and not identifiers.identifiers:
        return refused
    aside = dict(fields.aside)
    for namespace in identifiers.bad:
        if values.get(namespace) is None:
            aside["ids"] = {**aside.get("ids", {}), namespace: message["ids"][namespace]}
        else:
            aside[namespace] = message[namespace]
    return identifiers, aside


def _event_id(raw: RawTouch, record: RawRecord) -> tuple[str, bool]:
    """Return (id, whether it is derived). A derived id is the same in every replay and in every retry."""
    if raw.event_id and not raw.COUNTS_BY_NATURAL_ID:
        return raw.event_id, False
    natural = raw.natural_id()
    if natural is None and raw.event_id:
        return raw.event_id, False
    if natural is None:
        return f"{record.topic}/{record.partition}/{record.offset}", True
    return derive_id(natural), True


def derive_id(natural: str) -> str:
    """Return the id that is derived from a natural id."""
    return blake2b(natural.encode(), digest_size=_ID_BYTES).hexdigest()


def decode(record: RawRecord, config: IntakeConfig) -> Touch | Ping | Rejected:
    """Return the touch of a record, or its refusal: read, upgrade, validate, normalise, enrich, make the row.

    A message of a type that is no touch becomes a ping.
    """
    accepted = accept(record, config)
    if isinstance(accepted, Rejected):
        return accepted
    if accepted.raw.type in accepted.raw.PINGS:
        return _ping(accepted, record.channel)
    return _build(accepted, record, enrich(accepted.raw, accepted.identifiers.identifiers, config.lookups), config)


def accept(record: RawRecord, config: IntakeConfig) -> Accepted | Rejected:
    """Return what a record says, or its refusal: read, upgrade, validate, normalise. Enrichment refuses nothing."""
    parsed = read_object(record.value, config.largest_bytes)
    if isinstance(parsed, Rejected):
        return parsed
    message = without_nulls(parsed)
    current = upgrade(record.channel, message)
    if isinstance(current, Rejected):
        return current
    read = read_fields(CHANNELS[record.channel], current)
    if isinstance(read, Rejected):
        return read
    event_id, derived = _event_id(read.raw, record)  # before a link is set aside, since it distinguishes two clicks
    fields = check_values(read, current)
    if isinstance(fields, Rejected):
        return fields
    identified = _identify(fields, current, config)
    if isinstance(identified, Rejected):
        return identified
    identifiers, aside = identified
    return Accepted(fields.raw, aside, event_id, derived, identifiers, current is not message)


def key_of(record: Touch | Ping) -> bytes:
    """Return the key of a record on `activity`: its strongest identifier, or its own id."""
    if isinstance(record, Ping):
        return record.key
    return (record.ids[0] if record.ids else record.event_id).encode()


def _ping(accepted: Accepted, channel: str) -> Ping:
    raw, identifiers = accepted.raw, accepted.identifiers.identifiers
    to = f"{raw.tenant}|{identifiers[0]}" if identifiers else ""
    fields = raw.fields
    return Ping(to, raw.tenant, channel, fields["page_id"], limit_engaged(fields["engaged_ms"]))


def _build(accepted: Accepted, record: RawRecord, enriched: Enriched, config: IntakeConfig) -> Touch:
    """Return the touch, with its row."""
    raw, identifiers, event_id = accepted.raw, accepted.identifiers, accepted.event_id
    sent_at_ms = raw.sent_at if raw.revision is None else None
    times = correct_event_time(raw.occurred_at, sent_at_ms, record.received_at_ms, config.retention_ms)
    fields = flat(raw, accepted.aside) | enriched.fields | _origin(raw, record, event_id, times)
    if accepted.derived and raw.event_id:
        fields["properties"].setdefault("event_id", raw.event_id)
    fields |= {
        "flags": _flags(times, enriched, accepted, record),
        "identifiers": identifiers.identifiers,
        "ids": identifiers.others,
    }
    match = config.rules.match(fields)
    fields |= {"rule": match.rule, "cap": match.cap, "cap_value": match.cap_value}
    head = encode_head(fields | {"rules_version": config.rules.version})
    return _touch(raw, record, identifiers, enriched, Scored(event_id, times, match, config.rules.version, head))


def _origin(raw: RawTouch, record: RawRecord, event_id: str, times: Times) -> dict[str, Any]:
    """Return tenant, ids, times and place of the raw record, by column."""
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


def _flags(times: Times, enriched: Enriched, accepted: Accepted, record: RawRecord) -> list[Flag]:
    by_intake = (
        (Flag.DERIVED_ID, accepted.derived),
        (Flag.JUNK_IDENTIFIER, accepted.identifiers.junk),
        (Flag.BAD_FIELD, bool(accepted.aside)),
        (Flag.UPGRADED, accepted.upgraded),
        (Flag.REPLAYED, record.replayed),
    )
    return [*times.flags, *enriched.flags, *(flag for flag, holds in by_intake if holds)]


class Scored(NamedTuple):
    """The last results of a touch: id, times, rule, row."""

    event_id: str
    times: Times
    match: Match
    rules_version: str
    head: bytes


def _touch(raw: RawTouch, record: RawRecord, identifiers: Identifiers, enriched: Enriched, scored: Scored) -> Touch:
    times, match = scored.times, scored.match
    return Touch(
        tenant=raw.tenant,
        event_id=scored.event_id,
        channel=record.channel,
        type=raw.type,
        source_at_ms=times.source_at_ms,
        occurred_at_ms=times.occurred_at_ms,
        received_at_ms=record.received_at_ms,
        ids=tuple(f"{raw.tenant}|{identifier}" for identifier in identifiers.identifiers),
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
        revision=raw.revision,
    )

"""Side fields: fields that a touch can do without. One that cannot be read is set aside, and the touch is kept.

A field is a side field unless the touch would mean something else without it: the required fields of its channel,
`event_id`, `tenant`, `schema_version` and `revision` are not; nor is a negative amount or bad money, which point to a
fault in how the sender computes, nor the field that a natural id needs if there is no `event_id`. Identifiers are side
fields beside another one that can be read (docs/contract.md, "Side fields").
"""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from pydantic import ValidationError

from schemas.column import MOMENT, MONEY, REAL
from schemas.columns import EVENT_DETAILS
from schemas.identifiers.identifier import Invalid
from schemas.raw_touch import RawTouch
from schemas.rejected import Reason, Rejected
from schemas.timestamps import EARLIEST_MS, implausible
from streams.enrichment.url import split_url
from streams.intake.field_errors import describe_error

_REASONS: Final = {reason.value: reason for reason in Reason}
_ERRORS_REPORTED: Final = 5
NEVER_ASIDE: Final = frozenset({"event_id", "tenant", "schema_version", "revision"})
_NAMING: Final = frozenset({"customer_id", "email", "phone", "anonymous_id", "ids"})
_MISCALCULATED: Final = frozenset({"greater_than_equal", Reason.BAD_MONEY, Reason.BAD_CURRENCY})
# Some serialisers write '' for null: in these fields it has no other meaning.
_AMOUNTS: Final = tuple(column.name for column in EVENT_DETAILS if column.type in (REAL, MONEY, MOMENT))
_NONE_WHEN_BLANK: Final = (
    "sent_at",
    "url",
    "link_url",
    *_AMOUNTS,
    "currency",
    "items",
    "ids",
    "app",
    "group_traits",
    "properties",
)
_OBJECTS: Final = ("ids", "app")  # an entry that cannot be read is set aside without the others


class Fields(NamedTuple):
    """The fields of a message.

    `raw` has those that could be read, `aside` the others, by name and as they were sent; `naming` is the refusal of
    an identifier among them, if any.
    """

    raw: RawTouch
    aside: dict[str, Any]
    naming: Rejected | None


def without_nulls(message: dict[str, Any]) -> dict[str, Any]:
    """Return a message without the fields that are null, or empty where that can only mean null."""
    if None in message.values():
        message = {name: value for name, value in message.items() if value is not None}
    blank = [name for name in _NONE_WHEN_BLANK if isinstance(text := message.get(name), str) and not text.strip()]
    if blank:
        message = {name: value for name, value in message.items() if name not in blank}
    ids = message.get("ids")
    if isinstance(ids, dict) and None in ids.values():
        message = message | {"ids": {name: value for name, value in ids.items() if value is not None}}
    return message


def read_fields(model: type[RawTouch], message: dict[str, Any]) -> Fields | Rejected:
    """Return the message with bad side fields set aside, or its refusal with all errors, the first as the reason."""
    try:
        return Fields(model.model_validate(message), {}, None)
    except ValidationError as failure:
        errors = failure.errors(include_url=False)
    if any(_is_needed(model, message, error) for error in errors):
        return _rejected(errors)
    rest, aside = _part(message, errors)
    try:
        raw = model.model_validate(rest)
    except ValidationError as failure:  # lacks a field that its type requires
        return _rejected([*failure.errors(include_url=False, include_context=False), *errors])
    naming = [error for error in errors if error["loc"][0] in _NAMING]
    return Fields(raw, aside, _rejected(naming) if naming else None)


def check_values(fields: Fields, message: Mapping[str, Any]) -> Fields | Rejected:
    """Check what needs a parser or a second value: addresses of pages and links, and the two times.

    `message` is what the fields were read from.
    """
    raw, bad = fields.raw, []
    for name in ("url", "link_url"):
        if (url := raw.fields.get(name)) is not None and isinstance(parts := split_url(url), Invalid):
            if raw.requires(name, raw.type):
                return Rejected(parts.reason, f"{name} {parts.detail}")
            bad.append(name)
    if refused := implausible(raw.occurred_at, raw.sent_at):
        return Rejected(refused.reason, f"occurred_at: {refused.detail}")
    if raw.sent_at is not None and raw.sent_at < EARLIEST_MS <= raw.occurred_at:
        bad.append("sent_at")
    if not bad:
        return fields
    aside = fields.aside | {name: message[name] for name in bad}
    return fields._replace(raw=raw.model_copy(update=dict.fromkeys(bad)), aside=aside)


def _is_needed(model: type[RawTouch], message: Mapping[str, Any], error: Mapping[str, Any]) -> bool:
    name = error["loc"][0]
    return (
        name in NEVER_ASIDE
        or model.requires(name, message.get("type"))
        or error["type"] in _MISCALCULATED
        or (name == model.NATURAL_ID_FIELD and (model.COUNTS_BY_NATURAL_ID or not message.get("event_id")))
    )


def _part(message: dict[str, Any], errors: list[Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return (message without its bad fields, bad fields by name). Of objects only the bad entries are set aside."""
    rest, aside = dict(message), dict[str, Any]()
    for error in errors:
        name, *inner = error["loc"]
        if name in _OBJECTS and inner:
            entry = inner[0]
            aside.setdefault(name, {})[entry] = message[name][entry]
            rest[name] = {one: value for one, value in rest[name].items() if one != entry}
        else:
            aside[name] = message[name]
            rest.pop(name, None)
    return rest, aside


def _reason_of(error: Mapping[str, Any]) -> Reason:
    kind = error["type"]
    if kind in _REASONS:
        return _REASONS[kind]
    if kind == "missing":
        return Reason.MISSING_FIELD
    if kind == "literal_error" and error["loc"] == ("type",):
        return Reason.UNKNOWN_TYPE
    return Reason.WRONG_TYPE if kind.endswith(("_type", "_parsing")) else Reason.BAD_VALUE


def _rejected(errors: list[Any]) -> Rejected:
    """Return a refusal with all errors, the first as the reason."""
    detail = "; ".join(map(describe_error, errors[:_ERRORS_REPORTED]))
    return Rejected(_reason_of(errors[0]), detail)

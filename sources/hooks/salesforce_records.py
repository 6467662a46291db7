"""Records of Salesforce as touches: contacts and leads, cases, events, orders; of others custom events."""

from collections.abc import Callable, Mapping
from typing import Final

from sources.collected import Collected
from sources.hooks.provider import Unmappable
from sources.payloads.composed_ids import composed_id
from sources.payloads.event_fields import without_empty
from sources.payloads.event_times import iso_ms
from sources.payloads.money import amount_text, currency_code
from sources.payloads.shown_texts import label_of, line_of

_TRAITS: Final = {
    "FirstName": "first_name",
    "LastName": "last_name",
    "Company": "company",
    "Title": "title",
    "LeadSource": "lead_source",
    "Status": "status",
}
_PEOPLE: Final = ("ContactId", "WhoId", "BillToContactId", "LeadId")
_FIRST: Final = frozenset({"opened", "booked", "placed"})  # what happens to a record once, when it is created
_S_PER_MIN: Final = 60
_LONGEST_MIN: Final = 100_000

_Fields = Mapping[str, str]


def touch_of_record(object_type: str, fields: _Fields) -> Collected | Unmappable:
    """Return the touch of the state of a record."""
    record_id, created_at_ms, changed_at_ms = fields.get("Id", ""), _time(fields, "CreatedDate"), _changed_at(fields)
    if not record_id or not object_type or changed_at_ms is None:
        return Unmappable("a record lacks its type, Id or LastModifiedDate: add the fields to the outbound message")
    touch = _TYPES.get(object_type, _custom)(object_type, fields)
    # What a record once became, such as an opened case, is repeated by each of its later states.
    is_first = touch.touch["type"] in _FIRST
    occurred_at_ms = created_at_ms or changed_at_ms if is_first else _time(fields, "ClosedDate") or changed_at_ms
    parts = (record_id, touch.touch["type"]) if is_first else (record_id, touch.touch["type"], occurred_at_ms)
    common = {"event_id": composed_id(*parts), "occurred_at": occurred_at_ms}
    return Collected(touch.channel, without_empty({**common, **touch.touch}))


def _person(object_type: str, fields: _Fields) -> Collected:
    traits = {trait: line_of(fields.get(name)) for name, trait in _TRAITS.items()}
    return Collected(
        "visits",
        {
            "type": "identify",
            "email": fields.get("Email", ""),
            "phone": fields.get("MobilePhone", "") or fields.get("Phone", ""),
            "ids": {"crm": fields["Id"]},
            "properties": without_empty({"traits": without_empty(traits)}),
        },
    )


def _case(object_type: str, fields: _Fields) -> Collected:
    is_closed = fields.get("IsClosed") == "true" or fields.get("Status", "").lower() == "closed"
    return Collected(
        "tickets",
        {
            "type": "closed" if is_closed else "opened",
            "ticket_id": fields.get("CaseNumber", "") or fields["Id"],
            "email": fields.get("ContactEmail", "") or fields.get("SuppliedEmail", ""),
            "phone": fields.get("ContactPhone", "") or fields.get("SuppliedPhone", ""),
            "ids": _ids_of(fields),
            "subject": line_of(fields.get("Subject")),
            "priority": label_of(fields.get("Priority")),
        },
    )


def _meeting(object_type: str, fields: _Fields) -> Collected:
    minutes = fields.get("DurationInMinutes", "")
    is_length = minutes.isascii() and minutes.isdigit() and len(minutes) < 7 and int(minutes) < _LONGEST_MIN
    return Collected(
        "meetings",
        {
            "type": "booked",
            "meeting_id": fields["Id"],
            "title": line_of(fields.get("Subject")),
            "starts_at": _time(fields, "StartDateTime"),
            "duration_s": int(minutes) * _S_PER_MIN if is_length else None,
            "ids": _ids_of(fields),
        },
    )


def _order(object_type: str, fields: _Fields) -> Collected:
    return Collected(
        "orders",
        {
            "type": "placed",
            "order_id": fields.get("OrderNumber", "") or fields["Id"],
            "total": amount_text(fields.get("TotalAmount")),
            "currency": currency_code(fields.get("CurrencyIsoCode")),
            "ids": _ids_of(fields),
        },
    )


def _custom(object_type: str, fields: _Fields) -> Collected:
    properties = {name: line_of(value) for name, value in fields.items()}
    return Collected(
        "visits",
        {"type": "custom", "name": label_of(object_type), "ids": _ids_of(fields), "properties": properties},
    )


_TYPES: Final[Mapping[str, Callable[[str, _Fields], Collected]]] = {
    "Contact": _person,
    "Lead": _person,
    "Case": _case,
    "Event": _meeting,
    "Order": _order,
}


def _ids_of(fields: _Fields) -> dict[str, object]:
    """Return the contact or lead that a record belongs to."""
    return without_empty({"crm": next((fields[name] for name in _PEOPLE if fields.get(name)), "")})


def _changed_at(fields: _Fields) -> int | None:
    times = (_time(fields, name) for name in ("LastModifiedDate", "SystemModstamp", "CreatedDate"))
    return next((time for time in times if time is not None), None)


def _time(fields: _Fields, name: str) -> int | None:
    return iso_ms(fields.get(name))

"""Records of Dynamics 365 as touches: contacts and leads, cases, phone calls, appointments and orders.

A change has only the columns that changed. Register a post image with the columns of the person to have them as well.
"""

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from sources.collected import Collected
from sources.payloads.event_fields import mapping_of, objects_of, text_of, without_empty
from sources.payloads.event_times import date_ms
from sources.payloads.money import amount_text
from sources.payloads.shown_texts import label_of, line_of

_TRAITS: Final = {
    "firstname": "first_name",
    "lastname": "last_name",
    "companyname": "company",
    "jobtitle": "title",
}
_PEOPLE: Final = frozenset({"contact", "lead"})
_S_PER_MIN: Final = 60
_LONGEST_MIN: Final = 100_000
_CASE_STATES: Final = {0: "reopened", 1: "solved", 2: "closed"}
_MEETING_STATES: Final = {1: "held", 2: "cancelled"}
_CALL_COMPLETED: Final = 1
_ORDER_CANCELLED: Final = 2


class Record(NamedTuple):
    """A record as a request has it."""

    id: str
    is_new: bool
    written: Mapping[str, object]  # the columns that were written: a state that is among them has changed
    columns: Mapping[str, object]  # those, and the columns of the image after the change


def read_record(context: Mapping[str, object]) -> Record:
    """Return the record of an execution context."""
    images = [mapping_of(image.get("value")) for image in objects_of(context.get("PostEntityImages"))]
    parameters = objects_of(context.get("InputParameters"))
    targets = [mapping_of(one.get("value")) for one in parameters if one.get("key") == "Target"]
    written = _columns(targets)
    is_new = context.get("MessageName") == "Create"
    return Record(text_of(context.get("PrimaryEntityId")), is_new, written, {**_columns(images), **written})


def _columns(entities: list[dict[str, object]]) -> dict[str, object]:
    pairs = [pair for entity in entities for pair in objects_of(entity.get("Attributes"))]
    return {text_of(pair.get("key")): _plain(pair.get("value")) for pair in pairs}


def _plain(value: object) -> object:
    """Return the number of a choice or an amount; a reference to a record stays an object."""
    return value["Value"] if isinstance(value, dict) and "Value" in value else value


def touch_of_record(entity: str, record: Record) -> Collected | None:
    """Return channel and fields of a record's touch, None for records and changes that are none."""
    map_entity = _ENTITIES.get(entity)
    return None if map_entity is None else map_entity(record)


def _person(record: Record) -> Collected:
    traits = {trait: line_of(record.columns.get(name)) for name, trait in _TRAITS.items()}
    return Collected(
        "visits",
        {
            "type": "identify",
            "email": text_of(record.columns.get("emailaddress1")),
            "phone": text_of(record.columns.get("mobilephone")) or text_of(record.columns.get("telephone1")),
            "ids": {"crm": record.id},
            "properties": without_empty({"traits": without_empty(traits)}),
        },
    )


def _case(record: Record) -> Collected | None:
    kind = "opened" if record.is_new else _CASE_STATES.get(_number(record.written.get("statecode")))
    fields: dict[str, object] = {
        "type": kind,
        "ticket_id": record.id,
        "subject": line_of(record.columns.get("title")),
        "ids": _ids_of(record, "customerid"),
    }
    return Collected("tickets", fields) if kind else None


def _call(record: Record) -> Collected | None:
    """Return a call that is completed. Its direction has to be known, as a column or of the image."""
    is_outbound, state = record.columns.get("directioncode"), _number(record.written.get("statecode"))
    if state != _CALL_COMPLETED or not isinstance(is_outbound, bool):
        return None
    fields: dict[str, object] = {
        "type": "voicemail" if record.columns.get("leftvoicemail") is True else "answered",
        "direction": "outbound" if is_outbound else "inbound",
        "phone": text_of(record.columns.get("phonenumber")),
        "duration_s": _seconds(record.columns.get("actualdurationminutes")),
        "outcome": label_of(record.columns.get("subject")),
        "ids": _ids_of(record, "regardingobjectid"),
    }
    return Collected("calls", fields)


def _meeting(record: Record) -> Collected | None:
    kind = "booked" if record.is_new else _MEETING_STATES.get(_number(record.written.get("statecode")))
    fields: dict[str, object] = {
        "type": kind,
        "meeting_id": record.id,
        "title": line_of(record.columns.get("subject")),
        "starts_at": date_ms(record.columns.get("scheduledstart")),
        "duration_s": _seconds(record.columns.get("scheduleddurationminutes")),
        "ids": _ids_of(record, "regardingobjectid"),
    }
    return Collected("meetings", fields) if kind else None


def _order(record: Record) -> Collected | None:
    is_cancelled = _number(record.written.get("statecode")) == _ORDER_CANCELLED
    kind = "placed" if record.is_new else "cancelled" if is_cancelled else ""
    fields: dict[str, object] = {
        "type": kind,
        "order_id": record.id,
        "total": amount_text(record.columns.get("totalamount")),
        "ids": _ids_of(record, "customerid"),
    }
    return Collected("orders", fields) if kind else None


_ENTITIES: Final[Mapping[str, Callable[[Record], Collected | None]]] = {
    "contact": _person,
    "lead": _person,
    "incident": _case,
    "phonecall": _call,
    "appointment": _meeting,
    "salesorder": _order,
}


def _ids_of(record: Record, name: str) -> dict[str, object]:
    """Return the person that a reference names, nothing for a company."""
    reference = mapping_of(record.columns.get(name))
    is_person = text_of(reference.get("LogicalName")) in _PEOPLE
    return without_empty({"crm": text_of(reference.get("Id")) if is_person else ""})


def _number(value: object) -> int:
    """Return the number of a state, -1 if it is unknown."""
    return value if isinstance(value, int) and not isinstance(value, bool) else -1


def _seconds(minutes: object) -> int | None:
    return _number(minutes) * _S_PER_MIN if 0 <= _number(minutes) < _LONGEST_MIN else None

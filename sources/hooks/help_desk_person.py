"""The customer of a help desk: identifiers by its payloads, and the touch of a contact that was created or changed."""

from collections.abc import Mapping

from sources.collected import Collected
from sources.payloads.event_fields import id_of, text_of, without_empty
from sources.payloads.shown_texts import label_of


def person_of(
    desk: str, desk_id: object, email: object = None, phone: object = None, customer_id: object = None
) -> dict[str, object]:
    """Return the identifiers of a touch. `desk_id` is the person's id at the help desk, in the namespace `ids.DESK`;
    `customer_id` is the id of the company that uses the help desk. A value of the wrong type is none."""
    found = {
        "email": text_of(email),
        "phone": text_of(phone),
        "customer_id": id_of(customer_id),
        "ids": without_empty({desk: id_of(desk_id)}),
    }
    return without_empty(found)


def contact_touch(person: Mapping[str, object], **traits: object) -> Collected:
    """Return channel and fields of a contact, whose identifiers belong to one person."""
    shown = without_empty({name: label_of(value) for name, value in traits.items()})
    return Collected("visits", {"type": "identify", **person, "properties": without_empty({"traits": shown})})

"""Zoho CRM: notifications of contacts and leads.

Format: www.zoho.com/crm/developer/docs/api, "Notifications". There is no signature: each body has the `token` of its
subscription (at most 50 characters), which lasts a week at most and has to be renewed. A notification has the ids of
the records, and their changed values if the subscription asks for them (`return_affected_field_values`).
"""

from collections.abc import Mapping, Sequence
from typing import Final

from sources.collected import Collected
from sources.hooks.hook_request import HookRequest
from sources.hooks.json_body import read_object
from sources.hooks.provider import HookSource, Provider, Unmappable, Verdict
from sources.hooks.signatures import matches_secret
from sources.payloads.composed_ids import composed_id
from sources.payloads.event_fields import id_of, mapping_of, objects_of, text_of, without_empty
from sources.payloads.event_times import unix_ms
from sources.payloads.shown_texts import label_of, line_of

_MODULES: Final = frozenset({"Contacts", "Leads"})
_OPERATIONS: Final = frozenset({"insert", "update"})
_EXPORTED: Final = "zcrm_"  # before each id of a record in exports, which imports keep
_MOST_IDS: Final = 1_000
_TRAITS: Final = {"First_Name": "first_name", "Last_Name": "last_name", "Company": "company", "Title": "title"}


def verify(request: HookRequest, source: HookSource) -> Verdict:
    """Return whether the body has the token of the subscription."""
    payload = read_object(request.body)
    token = "" if isinstance(payload, Unmappable) else text_of(payload.get("token"))
    return Verdict.GENUINE if matches_secret(source.secrets, token) else Verdict.FORGED


def map_request(request: HookRequest, source: HookSource) -> Sequence[Collected] | Unmappable:
    """Return a touch for each person whose record was added or changed."""
    payload = read_object(request.body)
    if isinstance(payload, Unmappable):
        return payload
    operation = text_of(payload.get("operation")).lower()
    if text_of(payload.get("module")) not in _MODULES or operation not in _OPERATIONS:
        return ()
    occurred_at_ms, ids = unix_ms(payload.get("server_time"), unit_ms=1), payload.get("ids")
    if occurred_at_ms is None or not isinstance(ids, list):
        return Unmappable("a notification lacks its server_time or ids")
    values = {
        label_of(one.get("record_id")): mapping_of(one.get("values"))
        for one in objects_of(payload.get("affected_values"))
    }
    channel_id = label_of(payload.get("channel_id"))
    return [
        Collected(
            "visits",
            {
                "event_id": composed_id("zoho", channel_id, record_id, operation, occurred_at_ms),
                "type": "identify",
                "occurred_at": occurred_at_ms,
                "ids": {"crm": f"{_EXPORTED}{record_id}"},
                **_person_of(values.get(label_of(record_id), {})),
            },
        )
        for record_id in map(id_of, ids[:_MOST_IDS])
        if record_id not in (None, "")
    ]


def _person_of(values: Mapping[str, object]) -> dict[str, object]:
    traits = without_empty({trait: line_of(values.get(name)) for name, trait in _TRAITS.items()})
    phone = text_of(values.get("Mobile")) or text_of(values.get("Phone"))
    person = {"email": text_of(values.get("Email")), "phone": phone}
    return without_empty({**person, "properties": without_empty({"traits": traits})})


PROVIDER: Final = Provider("zoho", verify, map_request)

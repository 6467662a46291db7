"""Freshdesk: webhooks of automation rules, whose body the administrator writes in the form of `ticket_template.py`.

There is no signature: a rule sends a secret of yours (`shared_secret.py`). Freshdesk wraps the placeholders that are
picked from its list in `freshdesk_webhook` and names them by itself; they lack what happened and when, which the rule
has to add as `event` and `occurred_at`.

Options: `header`, the name of the header with the secret.
"""

from collections.abc import Sequence
from typing import Final

from sources.collected import Collected
from sources.hooks.hook_request import HookRequest
from sources.hooks.json_body import read_object
from sources.hooks.provider import HookSource, Provider, Unmappable
from sources.hooks.shared_secret import OPTION, verify_secret
from sources.hooks.ticket_template import touch_of_template
from sources.payloads.event_fields import mapping_of

_FIELDS: Final = {
    "ticket_subject": "subject",
    "ticket_priority": "priority",
    "ticket_contact_email": "email",
    "ticket_contact_phone": "phone",
    "ticket_contact_unique_external_id": "customer_id",
    "ticket_requester_email": "email",
    "ticket_requester_phone": "phone",
    "ticket_latest_public_comment": "text",
    "ticket_agent_email": "agent",
    "ticket_group_name": "queue",
}
"""Fields of the template by Freshdesk's own names."""


def map_request(request: HookRequest, source: HookSource) -> Sequence[Collected] | Unmappable:
    """Return the touch of a rule."""
    payload = read_object(request.body)
    if isinstance(payload, Unmappable):
        return payload
    fields = {**mapping_of(payload.get("freshdesk_webhook")), **payload}
    renamed = {template: fields[name] for name, template in _FIELDS.items() if fields.get(name) not in (None, "")}
    touch = touch_of_template("freshdesk", {**renamed, **fields})
    return touch if isinstance(touch, Unmappable) else [touch]


PROVIDER: Final = Provider("freshdesk", verify_secret, map_request, options=(OPTION,))

"""Dynamics 365 (Dataverse): steps that call a webhook when a record is created or changed.

Format: learn.microsoft.com/power-apps/developer/data-platform/use-webhooks. There is no signature: the WebhookKey is
the query's `code`, or the administrator names a header or a query field with a secret. A request is repeated once, and
only after 502, 503 or 504. A body over 256 kB comes without the record, which a header reports.

Options: `header` or `query`, the name of the header or the query field with the secret.
"""

from collections.abc import Sequence
from typing import Final

from sources.collected import Collected
from sources.hooks.dynamics_records import read_record, touch_of_record
from sources.hooks.hook_request import HookRequest
from sources.hooks.json_body import read_object
from sources.hooks.provider import HookSource, Provider, Unmappable, Verdict
from sources.hooks.signatures import matches_secret
from sources.payloads.composed_ids import composed_id
from sources.payloads.event_fields import text_of, without_empty
from sources.payloads.event_times import date_ms

_EMPTIED: Final = "x-ms-dynamics-msg-size-exceeded"
_NO_OPERATION: Final = frozenset({"", "00000000-0000-0000-0000-000000000000"})  # of a synchronous step
_MESSAGES: Final = frozenset({"Create", "Update"})


def verify(request: HookRequest, source: HookSource) -> Verdict:
    """Return whether the request has one of the secrets."""
    if header := source.options.get("header", ""):
        given = request.headers.get(header.lower(), "")
    else:
        given = request.query.get(source.options.get("query", "code"), "")
    return Verdict.GENUINE if matches_secret(source.secrets, given) else Verdict.FORGED


def map_request(request: HookRequest, source: HookSource) -> Sequence[Collected] | Unmappable:
    """Return the touch of a record that was created or changed."""
    context = read_object(request.body)
    if isinstance(context, Unmappable):
        return context
    message, entity = text_of(context.get("MessageName")), text_of(context.get("PrimaryEntityName"))
    if _EMPTIED in request.headers:
        return Unmappable(f"the body was emptied, since it exceeded 256 kB: select fewer columns of {entity}")
    if message not in _MESSAGES:
        return ()
    record = read_record(context)
    touch = touch_of_record(entity, record)
    if touch is None:
        return ()
    occurred_at_ms = date_ms(context.get("OperationCreatedOn"))
    operations = (text_of(context.get(name)) for name in ("OperationId", "CorrelationId"))
    operation = next((one for one in operations if one not in _NO_OPERATION), "")
    if not record.id or not operation or occurred_at_ms is None:
        return Unmappable("the context lacks its PrimaryEntityId, OperationId or OperationCreatedOn")
    common = {
        "event_id": composed_id("dynamics", operation, message, record.id),
        "occurred_at": occurred_at_ms,
    }
    return [Collected(touch.channel, without_empty({**common, **touch.touch}))]


PROVIDER: Final = Provider("dynamics", verify, map_request, kept_headers=(_EMPTIED,), options=("header", "query"))

"""Salesforce: outbound messages of flows and workflow rules.

Format: developer.salesforce.com, "Outbound Messaging" of the SOAP API guide. There is no signature: a secret stands in
the URL as `?token=...`, and the option `organization_id` is compared. The answer has to be a SOAP `Ack`, or Salesforce
sends the message again for 24 hours, in any order.

A notification has the latest state of a record and not the change, so that of a repeated one may be newer. A touch
therefore has the id of the record and the time of the state, not the id of the notification. Choose the fields `Id`,
`LastModifiedDate`, `CreatedDate`, and those of the person. Platform events come by no webhook.

Options: `organization_id`, with 15 or 18 characters.
"""

from collections.abc import Sequence
from hmac import compare_digest
from typing import Final

from sources.collected import Collected
from sources.hooks.hook_request import HookRequest
from sources.hooks.outcomes import touches_of
from sources.hooks.provider import HookAnswer, HookSource, Provider, Unmappable, Verdict
from sources.hooks.salesforce_records import touch_of_record
from sources.hooks.signatures import matches_secret
from sources.hooks.soap_body import read_message, without_session

_SHORT_ID: Final = 15  # characters that identify; the other three are a checksum for systems without case
_ACK: Final = (
    b'<?xml version="1.0" encoding="UTF-8"?>'
    b'<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body>'
    b'<notificationsResponse xmlns="http://soap.sforce.com/2005/09/outbound"><Ack>true</Ack></notificationsResponse>'
    b"</soapenv:Body></soapenv:Envelope>"
)


def verify(request: HookRequest, source: HookSource) -> Verdict:
    """Return whether the URL has one of the secrets, and the message is of the organisation."""
    genuine = matches_secret(source.secrets, request.query.get("token", ""))
    if organization_id := source.options.get("organization_id", ""):
        message = read_message(request.body)
        given = "" if isinstance(message, str) else message.organization_id
        short = (given[:_SHORT_ID].encode("utf-8", "replace"), organization_id[:_SHORT_ID].encode())
        genuine = genuine and compare_digest(*short)
    return Verdict.GENUINE if genuine else Verdict.FORGED


def map_request(request: HookRequest, source: HookSource) -> Sequence[Collected] | Unmappable:
    """Return a touch for each record of which one can be made."""
    message = read_message(request.body)
    if isinstance(message, str):
        return Unmappable(message)
    return touches_of(touch_of_record(one.object_type, one.fields) for one in message.notifications)


PROVIDER: Final = Provider(
    "salesforce",
    verify,
    map_request,
    accepted=HookAnswer(200, _ACK, "text/xml; charset=utf-8"),
    keep=without_session,
    options=("organization_id",),
)

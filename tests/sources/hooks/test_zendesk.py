"""Zendesk's signatures, apart from what holds for every adapter."""

import json

import pytest

from sources.hooks.hook_request import HookRequest
from sources.hooks.provider import HookSource, Unmappable, Verdict
from sources.hooks.zendesk import map_request, verify
from tests.sources.hooks.signing import hmac_base64
from tests.sources.hooks.webhooks import SECRET, with_headers

SOURCE = HookSource("zendesk", "main", (SECRET,))


def test_an_empty_body_is_signed_by_its_time_alone() -> None:
    time = "2026-12-01T04:00:01Z"
    request = with_headers(
        HookRequest("POST", "", {}, {}, b"", 0),
        x_zendesk_webhook_signature_timestamp=time,
        x_zendesk_webhook_signature=hmac_base64(SECRET, time.encode()),
    )
    assert verify(request, SOURCE) is Verdict.GENUINE


def test_a_signature_without_its_time_is_forged() -> None:
    """The time cannot be moved from its header into the body, where the signature would be the same."""
    body = b'2026-12-01T04:00:01Z{"event": "opened"}'
    request = with_headers(
        HookRequest("POST", "", {}, {}, body, 0), x_zendesk_webhook_signature=hmac_base64(SECRET, body)
    )
    assert verify(request, SOURCE) is Verdict.FORGED


@pytest.mark.parametrize("detail", [None, {}, {"id": ""}, {"id": None}])
def test_an_event_without_its_ticket_is_kept_as_unmappable(detail: object) -> None:
    event = {"type": "zen:event-type:ticket.created", "id": "e1", "time": "2026-12-01T04:00:00Z", "detail": detail}
    found = map_request(HookRequest("POST", "", {}, {}, json.dumps(event).encode(), 0), SOURCE)
    assert found == Unmappable("an event lacks the id of its ticket")

"""Postmark: types of bounces, apart from what holds for every adapter."""

import pytest

from sources.hooks.provider import Unmappable
from tests.sources.hooks.webhooks import map_payload


@pytest.mark.parametrize("kind", ["AutoResponder", "Subscribe", "AddressChange", "OpenRelayTest", "SMTPApiError", None])
def test_automatic_replies_are_no_bounces(kind: str | None) -> None:
    record = {"RecordType": "Bounce", "Type": kind, "Email": "ada@example.org", "BouncedAt": "2026-11-30T10:31:40Z"}
    assert map_payload("postmark", record) == []
    bounced = map_payload("postmark", {**record, "Type": "SoftBounce"})
    assert not isinstance(bounced, Unmappable)
    assert bounced[0].touch["type"] == "bounced"

"""Presets of mail services."""

from typing import get_args

import pytest

from schemas.channels import CHANNELS
from sources.outcome import Skip
from sources.presets import PRESETS
from sources.presets.emails import NON_BOUNCES
from sources.tables.fields import is_field
from sources.tables.preset import LEFT_OUT, Preset
from tests.sources.presets.rows import json_lines, options_of, touch_of
from tests.tables import table

AT_S, AT_MS = 1_795_860_000, 1_795_860_000_000
WHEN = "2026-11-28T10:00:00Z"


@pytest.mark.parametrize("preset", PRESETS.values(), ids=list(PRESETS))
def test_presets_map_to_fields_and_types_of_their_channel(preset: Preset) -> None:
    assert all(is_field(preset.channel, name) for _, name in preset.columns)
    assert all(is_field(preset.channel, name) for name in preset.constants)
    kinds = get_args(CHANNELS[preset.channel].model_fields["type"].annotation)
    assert {rule.type for rule in preset.types} <= {*kinds, LEFT_OUT}
    assert len(set(preset.header)) == len(preset.header)
    assert max(preset.widths, default=0) == len(preset.header)


def sendgrid(event: str, **more: object) -> dict[str, object]:
    return {
        "email": "ada@example.org",
        "timestamp": AT_S,
        "event": event,
        "category": ["news"],
        "sg_event_id": "e-1",
        "sg_message_id": "m-1",
        **more,
    }


@pytest.mark.parametrize(
    ("event", "kind"),
    [
        ("processed", "sent"),
        ("delivered", "delivered"),
        ("open", "opened"),
        ("click", "clicked"),
        ("bounce", "bounced"),
        ("spamreport", "complained"),
        ("unsubscribe", "unsubscribed"),
        ("group_unsubscribe", "unsubscribed"),
        ("a new one", "a new one"),
    ],
)
def test_events_of_sendgrid_are_read(event: str, kind: str) -> None:
    more = {"url": "https://x.example/", "useragent": "Thunderbird", "ip": "198.51.100.7", "type": "blocked"}
    (made,) = json_lines([sendgrid(event, **more)], options_of("sendgrid"))
    assert touch_of(made) == {
        "event_id": "e-1",
        "type": kind,
        "direction": "outbound",
        "occurred_at": AT_MS,
        "email": "ada@example.org",
        "message_id": "m-1",
        "link_url": "https://x.example/",
        "user_agent": "Thunderbird",
        "ip": "198.51.100.7",
        "properties": {"event": event, "category": ["news"], "type": "blocked"},
    }


@pytest.mark.parametrize("event", ["deferred", "dropped", "group_resubscribe"])
def test_events_of_sendgrid_that_no_customer_caused_are_skipped(event: str) -> None:
    assert json_lines([sendgrid(event)], options_of("sendgrid")) == [Skip("left_out")]


def mailgun(event: str, **more: object) -> dict[str, object]:
    return {
        "event": event,
        "id": "e-1",
        "timestamp": 1795860000.329574,
        "recipient": "ada@example.org",
        "message": {"headers": {"message-id": "m-1", "subject": "News"}},
        "client-info": {"user-agent": "Thunderbird"},
        "ip": "198.51.100.7",
        "flags": {"is-routed": False},
        **more,
    }


@table("wrapped", [False, True])
@table(
    ("event", "more", "kind"),
    [
        ("accepted", {}, "sent"),
        ("delivered", {}, "delivered"),
        ("opened", {}, "opened"),
        ("clicked", {"url": "https://x.example/"}, "clicked"),
        ("failed", {"severity": "permanent"}, "bounced"),
        ("failed", {"severity": "temporary"}, ""),
        ("rejected", {}, ""),
        ("stored", {}, ""),
        ("delivered", {"flags": {"is-routed": True}}, ""),
        ("complained", {}, "complained"),
        ("unsubscribed", {}, "unsubscribed"),
    ],
)
def test_events_of_mailgun_are_read(wrapped: bool, event: str, more: dict[str, object], kind: str) -> None:
    row = mailgun(event, **more)
    (made,) = json_lines([{"signature": {}, "event-data": row} if wrapped else row], options_of("mailgun"))
    if not kind:
        assert made == Skip("left_out")
        return
    touch = touch_of(made)
    assert (touch["type"], touch["email"], touch["event_id"]) == (kind, "ada@example.org", "e-1")
    assert (touch["message_id"], touch["subject"], touch["user_agent"]) == ("m-1", "News", "Thunderbird")
    assert (touch["occurred_at"], touch["ip"], touch.get("link_url")) == (AT_MS + 329, "198.51.100.7", more.get("url"))


@table(
    ("row", "kind"),
    [
        (
            {"RecordType": "Delivery", "Recipient": "ada@example.org", "DeliveredAt": "2026-11-28T10:00:00Z"},
            "delivered",
        ),
        (
            {"RecordType": "Open", "Recipient": "ada@example.org", "ReceivedAt": "2026-11-28T10:00:00.1234567Z"},
            "opened",
        ),
        ({"RecordType": "Click", "Recipient": "ada@example.org", "ReceivedAt": "2026-11-28T10:00:00Z"}, "clicked"),
        (
            {
                "RecordType": "Bounce",
                "Email": "ada@example.org",
                "BouncedAt": "2026-11-28T10:00:00Z",
                "Type": "HardBounce",
            },
            "bounced",
        ),
        ({"RecordType": "Bounce", "Type": "SoftBounce", "Email": "ada@example.org", "BouncedAt": WHEN}, "bounced"),
        (
            {"RecordType": "Bounce", "Type": "Unsubscribe", "Email": "ada@example.org", "BouncedAt": WHEN},
            "unsubscribed",
        ),
        *(
            ({"RecordType": "Bounce", "Type": one, "Email": "ada@example.org", "BouncedAt": WHEN}, "")
            for one in NON_BOUNCES
        ),
        (
            {"RecordType": "SpamComplaint", "Email": "ada@example.org", "BouncedAt": "2026-11-28T10:00:00Z"},
            "complained",
        ),
        (
            {
                "RecordType": "SubscriptionChange",
                "Recipient": "ada@example.org",
                "ChangedAt": "2026-11-28T10:00:00Z",
                "SuppressSending": True,
                "SuppressionReason": "ManualSuppression",
            },
            "unsubscribed",
        ),
        ({"RecordType": "SubscriptionChange", "SuppressSending": True, "SuppressionReason": "HardBounce"}, ""),
        ({"RecordType": "SubscriptionChange", "SuppressSending": False}, ""),
    ],
)
def test_records_of_postmark_are_read(row: dict[str, object], kind: str) -> None:
    more = {
        "MessageID": "m-1",
        "OriginalLink": "https://x.example/",
        "UserAgent": "Mail",
        "Geo": {"IP": "198.51.100.7"},
    }
    (made,) = json_lines([row | more], options_of("postmark"))
    if not kind:
        assert made == Skip("left_out")
        return
    touch = touch_of(made)
    assert (touch["type"], touch["email"], touch["message_id"]) == (kind, "ada@example.org", "m-1")
    assert (touch["link_url"], touch["user_agent"], touch["ip"]) == ("https://x.example/", "Mail", "198.51.100.7")


@pytest.mark.parametrize(
    ("event", "kind"),
    [
        ("send", "sent"),
        ("open", "opened"),
        ("click", "clicked"),
        ("hard_bounce", "bounced"),
        ("soft_bounce", "bounced"),
        ("spam", "complained"),
        ("unsub", "unsubscribed"),
        ("reject", ""),
    ],
)
def test_events_of_mandrill_are_read(event: str, kind: str) -> None:
    row = {"event": event, "ts": AT_S, "_id": "m-1", "msg": {"email": "ada@example.org", "subject": "News"}}
    (made,) = json_lines([row], options_of("mandrill"))
    if not kind:
        assert made == Skip("left_out")
        return
    touch = touch_of(made)
    assert (touch["type"], touch["email"], touch["subject"]) == (kind, "ada@example.org", "News")
    assert (touch["message_id"], touch["occurred_at"]) == ("m-1", AT_MS)

"""Presets of mail services: webhook events of SendGrid, Mailgun, Postmark and Mandrill, one JSON object per line.

`jq -c '.[]'` splits an array of events into lines.
"""

from typing import Final

from sources.tables.preset import LEFT_OUT, Preset, TypeRule, by_value

OUTBOUND: Final = {"direction": "outbound"}

SENDGRID: Final = Preset(
    # Event Webhook: https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event
    name="sendgrid",
    channel="emails",
    columns=(
        ("sg_event_id", "event_id"),
        ("timestamp", "occurred_at"),
        ("sg_message_id", "message_id"),
        ("marketing_campaign_name", "campaign"),
        ("url", "link_url"),
        ("useragent", "user_agent"),
    ),
    constants=OUTBOUND,
    type_column="event",
    types=by_value(
        "event",
        {
            "processed": "sent",
            "delivered": "delivered",
            "open": "opened",
            "click": "clicked",
            "bounce": "bounced",
            "spamreport": "complained",
            "unsubscribe": "unsubscribed",
            "group_unsubscribe": "unsubscribed",
            "group_resubscribe": LEFT_OUT,
            "deferred": LEFT_OUT,
            "dropped": LEFT_OUT,
            "account_status_change": LEFT_OUT,
        },
    ),
    units={"timestamp": "s"},
)

MAILGUN: Final = Preset(
    # Events API and webhooks (`event-data`): https://documentation.mailgun.com/docs/mailgun/user-manual/events
    # Messages that Mailgun routes to a mailbox of its user (`is-routed`) do not go to a customer.
    name="mailgun",
    channel="emails",
    columns=tuple(
        (f"{outer}{column}", name)
        for outer in ("", "event-data.")
        for column, name in (
            ("id", "event_id"),
            ("timestamp", "occurred_at"),
            ("recipient", "email"),
            ("message.headers.message-id", "message_id"),
            ("message.headers.subject", "subject"),
            ("url", "link_url"),
            ("ip", "ip"),
            ("client-info.user-agent", "user_agent"),
        )
    ),
    constants=OUTBOUND,
    type_column="event|event-data.event",
    types=(
        TypeRule(LEFT_OUT, {"flags.is-routed|event-data.flags.is-routed": "true"}),
        TypeRule("bounced", {"event|event-data.event": "failed", "severity|event-data.severity": "permanent"}),
        *by_value(
            "event|event-data.event",
            {
                "accepted": "sent",
                "delivered": "delivered",
                "opened": "opened",
                "clicked": "clicked",
                "complained": "complained",
                "unsubscribed": "unsubscribed",
                "failed": LEFT_OUT,  # severity `temporary`: Mailgun retries
                "rejected": LEFT_OUT,
                "stored": LEFT_OUT,
                "list_member_uploaded": LEFT_OUT,
                "list_member_upload_error": LEFT_OUT,
                "list_uploaded": LEFT_OUT,
            },
        ),
    ),
    units={"timestamp": "s", "event-data.timestamp": "s"},
)

NON_BOUNCES: Final = (
    "Transient",
    "AutoResponder",
    "Subscribe",
    "AddressChange",
    "ChallengeVerification",
    "OpenRelayTest",
    "ManuallyDeactivated",
    "SMTPApiError",
    "InboundError",
    "TemplateRenderingFailed",
)
"""Postmark's types of bounces that do not mean that an address bounced, such as a delay or an automatic reply:
https://postmarkapp.com/developer/api/bounce-api#bounce-types"""

POSTMARK: Final = Preset(
    # Webhooks: https://postmarkapp.com/developer/webhooks/webhooks-overview
    name="postmark",
    channel="emails",
    columns=(
        ("DeliveredAt", "occurred_at"),
        ("BouncedAt", "occurred_at"),
        ("ReceivedAt", "occurred_at"),
        ("ChangedAt", "occurred_at"),
        ("Recipient", "email"),
        ("Email", "email"),
        ("MessageID", "message_id"),
        ("Subject", "subject"),
        ("Tag", "campaign"),
        ("OriginalLink", "link_url"),
        ("UserAgent", "user_agent"),
        ("Geo.IP", "ip"),
    ),
    constants=OUTBOUND,
    type_column="RecordType",
    types=(
        TypeRule("unsubscribed", {"RecordType": "Bounce", "Type": "Unsubscribe"}),
        *(TypeRule(LEFT_OUT, {"RecordType": "Bounce", "Type": one}) for one in NON_BOUNCES),
        *by_value(
            "RecordType",
            {
                "Delivery": "delivered",
                "Open": "opened",
                "Click": "clicked",
                "Bounce": "bounced",
                "SpamComplaint": "complained",
            },
        ),
        # Bounces and complaints have records of their own; `false` reactivates an address.
        TypeRule(
            "unsubscribed",
            {"RecordType": "SubscriptionChange", "SuppressSending": "true", "SuppressionReason": "ManualSuppression"},
        ),
        TypeRule(LEFT_OUT, {"RecordType": "SubscriptionChange"}),
    ),
)

MANDRILL: Final = Preset(
    # Mailchimp Transactional: https://mailchimp.com/developer/transactional/docs/webhooks/
    name="mandrill",
    channel="emails",
    columns=(
        ("ts", "occurred_at"),
        ("msg.email", "email"),
        ("_id", "message_id"),
        ("msg.subject", "subject"),
        ("url", "link_url"),
    ),
    constants=OUTBOUND,
    type_column="event",
    types=by_value(
        "event",
        {
            "send": "sent",
            "delivered": "delivered",
            "open": "opened",
            "click": "clicked",
            "hard_bounce": "bounced",
            "soft_bounce": "bounced",
            "spam": "complained",
            "unsub": "unsubscribed",
            "deferral": LEFT_OUT,
            "reject": LEFT_OUT,
        },
    ),
    units={"ts": "s"},
)

"""Send one touch of each channel to Kafka: `python examples/send_touches.py HOST:PORT`.

`touchline up` prints the address. All touches name the same email address, so they become one profile:
`touchline profile ada@example.org` shows it.
"""

import argparse
from datetime import UTC, datetime
from typing import Final

from sources.emitter import EmitError, Emitter

NOW: Final = datetime.now(UTC).isoformat()
TOUCHES: Final[list[tuple[str, dict[str, object]]]] = [
    (
        "visits",
        {
            "type": "page",
            "occurred_at": NOW,
            "url": "https://shop.example/pricing?utm_source=newsletter",
            "anonymous_id": "visitor-1",
            "email": "ada@example.org",
        },
    ),
    (
        "emails",
        {
            "type": "clicked",
            "occurred_at": NOW,
            "direction": "outbound",
            "message_id": "<spring-sale-1@shop.example>",
            "link_url": "https://shop.example/sale",
            "email": "ada@example.org",
        },
    ),
    (
        "calls",
        {
            "type": "missed",
            "occurred_at": NOW,
            "direction": "inbound",
            "phone": "+49 30 901820",
            "email": "ada@example.org",
        },
    ),
    (
        "messages",
        {
            "type": "received",
            "occurred_at": NOW,
            "network": "whatsapp",
            "text": "Is the pump back in stock?",
            "email": "ada@example.org",
        },
    ),
    (
        "tickets",
        {
            "type": "opened",
            "occurred_at": NOW,
            "ticket_id": "35436",
            "subject": "Where is my order?",
            "email": "ada@example.org",
        },
    ),
    (
        "orders",
        {
            "type": "placed",
            "occurred_at": NOW,
            "order_id": "A-1001",
            "total": "149.90",
            "currency": "EUR",
            "items": [{"sku": "pump-7", "name": "Pump", "price": "149.90", "quantity": 1}],
            "email": "ada@example.org",
        },
    ),
    (
        "meetings",
        {
            "type": "booked",
            "occurred_at": NOW,
            "meeting_id": "m-1",
            "title": "Choice of a pump",
            "email": "ada@example.org",
        },
    ),
    (
        "feedback",
        {
            "type": "given",
            "occurred_at": NOW,
            "score": 9,
            "scale": 10,
            "text": "Quick answers.",
            "email": "ada@example.org",
        },
    ),
    (
        "consents",
        {"type": "given", "occurred_at": NOW, "purpose": "newsletter", "email": "ada@example.org"},
    ),
    (
        "groups",
        {
            "type": "group",
            "occurred_at": NOW,
            "group_id": "analytical-engines",
            "group_traits": {"name": "Analytical Engines", "seats": 12},
            "email": "ada@example.org",
        },
    ),
]


def main() -> None:
    """Send the touches and wait until Kafka has acknowledged all of them."""
    parser = argparse.ArgumentParser(description="Send one touch of each channel to Kafka.")
    parser.add_argument("kafka", help="address of Kafka, HOST:PORT")
    parser.add_argument("--prefix", default="", help="prefix of the topics (TOUCHLINE_TOPIC_PREFIX)")
    options = parser.parse_args()
    try:
        with Emitter(options.kafka, topic_of=lambda channel: f"{options.prefix}{channel}") as emitter:
            for channel, touch in TOUCHES:
                event_id = emitter.emit(channel, touch)  # returns at once; repeating an event id counts once
                print(f"{channel}: {touch['type']}, event id {event_id}")
            emitter.flush()  # raises EmitError unless everything is acknowledged
    except EmitError as error:
        raise SystemExit(str(error)) from error
    print(f"{len(TOUCHES)} touches acknowledged by Kafka")


if __name__ == "__main__":
    main()

"""The channels. A new one is a module here, its line below, its rules, a migration and its samples for the tests."""

from typing import Final

from schemas.channels.calls import Call
from schemas.channels.consents import Consent
from schemas.channels.emails import Email
from schemas.channels.feedback import Feedback
from schemas.channels.groups import Group
from schemas.channels.meetings import Meeting
from schemas.channels.messages import TextMessage
from schemas.channels.orders import Order
from schemas.channels.tickets import Ticket
from schemas.channels.visits import Visit
from schemas.raw_touch import RawTouch

CHANNELS: Final[dict[str, type[RawTouch]]] = {
    "visits": Visit,
    "emails": Email,
    "calls": Call,
    "messages": TextMessage,
    "tickets": Ticket,
    "orders": Order,
    "meetings": Meeting,
    "feedback": Feedback,
    "consents": Consent,
    "groups": Group,
}
"""Models by topic. The columns of `events` follow this order: append new channels."""

"""Channel `emails`: events of mails as a mail provider or a mailbox reports them."""

from re import compile as pattern
from typing import ClassVar, Final, Literal, Protocol

from pydantic import Field

from schemas.column import AGENT, CAMPAIGN, LABEL, PLACE, SEPARATOR, TEXT, columns_of
from schemas.flags import Flag
from schemas.identifiers.email_addresses import spelling_of
from schemas.raw_touch import Label, Name, RawTouch, Text

_origin: Final = pattern(r"[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*").match


class Email(RawTouch):
    """One event of a mail. The identifiers are those of the customer, not of the sender."""

    COLUMNS: ClassVar = (
        *AGENT,
        *PLACE,
        *CAMPAIGN,
        *columns_of(
            ("direction", LABEL, ""),
            ("message_id", TEXT, ""),
            ("subject", TEXT, ""),
            ("campaign", TEXT, ""),
            ("link_url", TEXT, ""),
        ),
    )
    ICON: ClassVar = "mail"
    SUMMARY: ClassVar = ("subject", "campaign", "link_url")
    SUMMARY_ELSE: ClassVar = "direction"
    TITLES: ClassVar = {
        "sent": ("Was sent “{subject}”", "Was sent a mail"),
        "delivered": ("Got “{subject}”", "Got a mail"),
        "opened": ("Opened “{subject}”", "Opened a mail"),
        "clicked": ("Clicked in “{subject}”", "Clicked in a mail"),
        "bounced": ("“{subject}” bounced", "A mail bounced"),
        "unsubscribed": ("Unsubscribed from “{campaign}”", "Unsubscribed"),
        "complained": ("Marked “{subject}” as spam", "Marked a mail as spam"),
        "received": ("Wrote “{subject}”", "Wrote a mail"),
        "replied": ("Replied “{subject}”", "Replied to a mail"),
    }
    MACHINE_FLAGS: ClassVar = {"opened": Flag.MACHINE_OPEN, "clicked": Flag.MACHINE_CLICK}
    NATURAL_ID_FIELD: ClassVar = "message_id"

    type: Literal[
        "sent", "delivered", "opened", "clicked", "bounced", "unsubscribed", "complained", "received", "replied"
    ] = Field(description="What happened to the message.")
    direction: Literal["inbound", "outbound"] = Field(
        description="inbound is a mail of a customer, outbound a mail to one and all events of it."
    )
    message_id: Name | None = Field(
        None,
        description="The message's id at its provider, the same for all events of the message.",
        examples=["<20260131.4711@mail.example.org>"],
    )
    subject: Text | None = Field(None, description="The message's subject.", examples=["Your offer"])
    campaign: Label | None = Field(None, description="The mailing it belongs to.", examples=["spring-2026"])
    link_url: Text | None = Field(
        None,
        description="The link that was clicked: a full address, http or https.",
        examples=["https://shop.example.org/spring?utm_campaign=spring-2026"],
    )
    user_agent: Text | None = Field(
        None,
        description="The User-Agent of the program that opened or clicked, which distinguishes scanners from people.",
        examples=["Thunderbird"],
    )
    ip: Label | None = Field(
        None,
        description="The IP address of the open or click, which determines the country.",
        examples=["198.51.100.7"],
    )

    @staticmethod
    def derive_natural_id(message: "EmailEvent", occurred_at_ms: int, customer_id: str | None) -> str:
        """Return the provider's id of the message and what happened to it when, to whom and at which link.

        A retry repeats these, perhaps in another spelling (letters of an address, brackets of a message id).
        """
        recipient = spelling_of(message.email) if message.email else customer_id or ""
        message_id, link = _message(message.message_id), _link(message.link_url or "")
        return SEPARATOR.join((message.type, message_id, str(occurred_at_ms), recipient, link))


class EmailEvent(Protocol):
    """The fields that a natural id is derived from."""

    type: str
    message_id: str
    email: str | None
    link_url: str | None


def _message(message_id: str) -> str:
    """Return a message id in the brackets of RFC 5322. One without @ is a provider's own and has none."""
    text = message_id.strip()
    return f"<{text}>" if "@" in text and not text.startswith("<") else text


def _link(link_url: str) -> str:
    """Return a link with scheme and host, the parts without case (RFC 3986, 6.2.2.1), in lower case."""
    text = link_url.strip()
    found = _origin(text)
    return found[0].lower() + text[found.end() :] if found else text

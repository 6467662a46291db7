"""Channel `emails`: what a mail provider or a mailbox tells of a message and its reader."""

from re import compile as pattern
from typing import Final, Literal

from pydantic import Field

from schemas.columns import SEPARATOR
from schemas.identifiers.email_addresses import spelling_of
from schemas.raw_touch import Label, Name, RawTouch, Text

_origin: Final = pattern(r"[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*").match


class Email(RawTouch):
    """One thing that happened to a message. The identifiers are the customer's, whoever wrote it."""

    type: Literal[
        "sent", "delivered", "opened", "clicked", "bounced", "unsubscribed", "complained", "received", "replied"
    ] = Field(description="What happened to the message.")
    direction: Literal["inbound", "outbound"] = Field(
        description="Seen from you: inbound is what a customer wrote, outbound what you wrote and what became of it."
    )
    message_id: Name | None = Field(
        None,
        description="The message's id at its provider, the same for everything that happens to it.",
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
        None, description="Of the program that opened or clicked; tells scanners from people.", examples=["Thunderbird"]
    )
    ip: Label | None = Field(
        None, description="Where it was opened or clicked; tells the country.", examples=["198.51.100.7"]
    )

    def natural_id(self) -> str | None:
        """What `mail_event` says of it, where the provider gives its message an id."""
        if not self.message_id:
            return None
        return mail_event(
            self.type, self.message_id, self.occurred_at, self.email, self.customer_id, self.fields["link_url"]
        )


def mail_event(
    type: str, message_id: str, occurred_at_ms: int, email: str | None, customer_id: str | None, link_url: str | None
) -> str:
    """The provider's message id and what happened to it when, to whom and at which link: a retry repeats these, maybe
    in another spelling (an address in other letters, a message id without its brackets)."""
    whom = spelling_of(email) if email else customer_id or ""
    return SEPARATOR.join((type, _message(message_id), str(occurred_at_ms), whom, _link(link_url or "")))


def _message(message_id: str) -> str:
    """A message id of RFC 5322 in its brackets; what has no @ is a provider's own."""
    text = message_id.strip()
    return f"<{text}>" if "@" in text and not text.startswith("<") else text


def _link(link_url: str) -> str:
    """A link with scheme and host in lower case, the only parts that mean the same in either (RFC 3986, 6.2.2.1)."""
    text = link_url.strip()
    found = _origin(text)
    return found[0].lower() + text[found.end() :] if found else text

"""Outbound messages of Salesforce: a SOAP 1.1 envelope in XML.

A document type declaration is refused, and with it every entity (XML external entities, exponential expansion). The
`SessionId` is a live credential of the organisation: it is never read, and removed from what is kept.
"""

from typing import Final, NamedTuple
from xml.parsers.expat import ExpatError, ParserCreate

MOST_NOTIFICATIONS: Final = 100  # Salesforce sends no more in one message
_DEEPEST: Final = 16
_SESSION: Final = b"SessionId"
_TYPE: Final = "http://www.w3.org/2001/XMLSchema-instance type"


class Notification(NamedTuple):
    """A record as it was when the message was sent. Fields that are empty are left out."""

    id: str
    object_type: str  # such as Contact
    fields: dict[str, str]


class OutboundMessage(NamedTuple):
    """What is read of an envelope."""

    organization_id: str
    notifications: tuple[Notification, ...]


class _RefusedError(Exception):
    """A document that is not parsed further."""


class _Reader:
    """Collects an outbound message while expat parses it. Names of elements are read without their namespace."""

    def __init__(self) -> None:
        self.organization_id = ""
        self.notifications: list[Notification] = []
        self._path: list[str] = []
        self._text: list[str] = []
        self._id, self._type = "", ""
        self._fields: dict[str, str] = {}

    def refuse(self, *declared: object) -> None:
        """Stop at a document type declaration."""
        raise _RefusedError("the XML has a document type declaration")

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Enter an element."""
        if len(self._path) >= _DEEPEST:
            raise _RefusedError("the XML is nested too deeply")
        self._path.append(name.rpartition(" ")[2])
        self._text = []
        if self._path[-1] == "Notification":
            self._id, self._type, self._fields = "", "", {}
        elif self._path[-1] == "sObject":
            self._type = attributes.get(_TYPE, "").rpartition(":")[2]

    def characters(self, text: str) -> None:
        """Take the text of an element."""
        self._text.append(text)

    def end(self, name: str) -> None:
        """Leave an element."""
        text, self._text = "".join(self._text).strip(), []
        match self._path[3:]:
            case ["OrganizationId"]:
                self.organization_id = text
            case ["Notification", "Id"]:
                self._id = text
            case ["Notification", "sObject", field] if text:
                self._fields[field] = text
            case ["Notification"]:
                if len(self.notifications) >= MOST_NOTIFICATIONS:
                    raise _RefusedError(f"more than {MOST_NOTIFICATIONS} notifications")
                self.notifications.append(Notification(self._id, self._type, self._fields))
        self._path.pop()


def read_message(body: bytes) -> OutboundMessage | str:
    """Return the message of a body, or why it is none."""
    if b"\x00" in body:  # UTF-16 or UTF-32, in which credentials could not be found
        return "the body is not UTF-8"
    reader = _Reader()
    parser = ParserCreate("utf-8", namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = reader.refuse
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.characters
    try:
        parser.Parse(body, True)
    except _RefusedError as refused:
        return str(refused)
    except (ExpatError, ValueError):
        return "the body is no XML"
    return OutboundMessage(reader.organization_id, tuple(reader.notifications))


def without_session(body: bytes) -> bytes:
    """Return the body without the content of each `SessionId`. Of one without an end, the rest of the body goes too."""
    if b"\x00" in body:
        return b""
    kept, rest = [], body
    while True:
        before, found, after = rest.partition(_SESSION)
        kept.append(before)
        if not found:
            return b"".join(kept)
        kept.append(_SESSION + b"/>")
        tag, _, content = after.partition(b">")
        if tag.endswith(b"/"):  # an empty element
            rest = content
            continue
        _, ended, behind = content.partition(_SESSION)
        if not ended:
            return b"".join(kept)
        rest = behind.partition(b">")[2]

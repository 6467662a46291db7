"""Envelopes of SOAP: what is read, what is refused, and credentials."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.hooks.soap_body import MOST_NOTIFICATIONS, Notification, OutboundMessage, read_message, without_session
from tests.sources.hooks.samples.salesforce import HEAD, TAIL, message, notification

DOCTYPE = "the XML has a document type declaration"


def with_doctype(declarations: str, reference: str = "") -> bytes:
    head = HEAD.replace("?>", f"?><!DOCTYPE x [{declarations}]>", 1)
    return f"{head}{notification('Contact', Id='1')}{reference}{TAIL}".encode()


def test_a_message() -> None:
    body = message(notification("Contact", Id="003A", Name="Ada", Phone=""))
    assert read_message(body) == OutboundMessage(
        "00Dxx0000001gPFEAY", (Notification("04lxx0000000001AAA", "Contact", {"Id": "003A", "Name": "Ada"}),)
    )


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (with_doctype(""), DOCTYPE),
        (with_doctype('<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">', "&b;"), DOCTYPE),
        (with_doctype('<!ENTITY file SYSTEM "file:///etc/passwd">', "&file;"), DOCTYPE),
        (with_doctype('<!ENTITY % remote SYSTEM "http://192.0.2.1/x.dtd"> %remote;'), DOCTYPE),
        (message("&undeclared;"), "the body is no XML"),
        (b"<a>" * 17, "the XML is nested too deeply"),
        (message(*[notification("Contact", Id="1")] * (MOST_NOTIFICATIONS + 1)), "more than 100 notifications"),
        (message()[:-5], "the body is no XML"),
        (message().decode().replace("UTF-8", "UTF-16").encode("utf-16"), "the body is not UTF-8"),
        (b"\xff\xfe", "the body is no XML"),
        (b"{}", "the body is no XML"),
        (b"", "the body is no XML"),
    ],
)
def test_other_bodies_are_refused(body: bytes, why: str) -> None:
    assert read_message(body) == why


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        (b"<a><SessionId>secret</SessionId><b/></a>", b"<a><SessionId/><b/></a>"),
        (b'<n:SessionId x="1">secret</n:SessionId ><b/>', b"<n:SessionId/><b/>"),
        (b"<SessionId><![CDATA[<secret>]]></SessionId><b/>", b"<SessionId/><b/>"),
        (b'<SessionId xsi:nil="true"/><b/>', b"<SessionId/><b/>"),
        (b"<SessionId>secret", b"<SessionId/>"),
        (b"<SessionId>a</SessionId><SessionId>b</SessionId>", b"<SessionId/><SessionId/>"),
        (b"<a/>", b"<a/>"),
        ("<SessionId>secret</SessionId>".encode("utf-16"), b""),
    ],
)
def test_a_session_is_removed(body: bytes, kept: bytes) -> None:
    assert without_session(body) == kept


@given(st.lists(st.sampled_from([b"<", b">", b"/", b"SessionId", b"secret", b" "])).map(b"".join))
def test_the_content_of_no_session_is_kept(content: bytes) -> None:
    """Whatever stands between the tags: only what is outside of them is kept."""
    kept = without_session(b"<SessionId>" + content.replace(b"SessionId", b"") + b"</SessionId>")
    assert kept == b"<SessionId/>"
    assert isinstance(without_session(content), bytes)


@given(st.text(alphabet='<>/ab:"= &;![]?-') | st.text())
def test_no_text_raises(text: str) -> None:
    assert isinstance(read_message(text.encode("utf-8", "surrogatepass")), str | OutboundMessage)
    assert isinstance(read_message(message(text.encode("utf-8", "replace").decode())), str | OutboundMessage)

"""The plain text of a mail: its first part of text that is no attachment, of HTML if there is no plain text."""

from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from typing import Final

from sources.payloads.shown_texts import message_of, message_of_html

_KINDS: Final = {"text/plain": message_of, "text/html": message_of_html}
_FALLBACK_CHARSET: Final = "cp1252"


def read_body_text(head: bytes, body: bytes) -> str:
    """Return the text of a mail as the contract takes it, '' if there is none. `body` may be cut off at any place."""
    try:
        mail = BytesParser(policy=compat32).parsebytes(head + b"\n" + body)
        parts = [part for part in mail.walk() if not _is_attachment(part)]
        for kind, shorten in _KINDS.items():
            for part in parts:
                if part.get_content_type() == kind and (text := shorten(_decoded(part))):
                    return text.replace("\0", "")
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        # The standard library raises them for headers of parts that contradict each other. The mail is a touch anyway.
        pass
    return ""


def _is_attachment(part: Message) -> bool:
    return part.is_multipart() or part.get_content_disposition() == "attachment" or part.get_filename() is not None


def _decoded(part: Message) -> str:
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return ""
    charset = part.get_content_charset("utf-8")
    for name, errors in ((charset, "strict"), (_FALLBACK_CHARSET, "replace")):
        try:
            return data.decode(name, errors).encode("utf-8", "replace").decode()
        except (LookupError, ValueError):
            continue
    return ""

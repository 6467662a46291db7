"""The text of a mail."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.channels.messages import LONGEST_MESSAGE
from sources.mailboxes.body_text import read_body_text

MIXED = b'Content-Type: multipart/mixed; boundary="b"\n'
ALTERNATIVE = (
    b"--b\nContent-Type: text/html\n\n<p>rich</p>\n"
    b"--b\nContent-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\nJ=F6rg\n--b--\n"
)


@pytest.mark.parametrize(
    ("head", "body", "text"),
    [
        (b"Subject: x\n", b"plain\n", "plain"),
        (b"Content-Type: text/html\n", b"<p>one</p><p>two &amp; three</p>", "one\ntwo & three"),
        (MIXED, ALTERNATIVE, "Jörg"),
        (MIXED, b"--b\nContent-Type: text/plain\n\nwhole\n--b\nContent-Type: image/png\n\n\x89PNG", "whole"),
        (MIXED, b"--b\nContent-Disposition: attachment\n\nsecret\n--b--\n", ""),
        (MIXED, b'--b\nContent-Type: text/plain; name="a.txt"\n\nsecret\n--b--\n', ""),
        (b"Content-Type: text/plain; charset=no-such\n", "Jörg".encode("cp1252"), "Jörg"),
        (b"Content-Transfer-Encoding: base64\n", b"SGVsbG8=\n", "Hello"),
        (b"Content-Type: image/png\n", b"\x89PNG", ""),
        (b"A: 1\n", b"a\0b", "ab"),
    ],
)
def test_text_is_the_first_readable_part(head: bytes, body: bytes, text: str) -> None:
    assert read_body_text(head, body) == text


def test_text_is_as_short_as_a_message() -> None:
    assert len(read_body_text(b"A: 1\n", b"x" * 100_000)) == LONGEST_MESSAGE


@given(st.sampled_from([b"A: 1\n", MIXED, b"Content-Transfer-Encoding: base64\n"]), st.binary(max_size=400))
def test_any_bytes_have_a_text(head: bytes, body: bytes) -> None:
    read_body_text(head, body).encode()
    read_body_text(b"Content-Type: " + body.replace(b"\n", b"") + b"\n", body).encode()

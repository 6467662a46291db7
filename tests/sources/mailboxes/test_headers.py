"""Header fields as mails have them, also malformed ones."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.mailboxes.headers import Headers


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (b"plain", "plain"),
        (b"=?utf-8?q?J=C3=B6rg?=", "Jörg"),
        (b"=?ISO-8859-1*en?Q?J=F6rg?= here", "Jörg here"),
        (b"=?utf-8?b?SsO2?= =?utf-8?b?cmc=?=", "Jörg"),
        (b"=?utf-8?b?SsM=?=\r\n =?utf-8?b?tnJn?=", "Jörg"),  # a character that is split between two words
        (b"=?gb2312?B?xOO6ww==?=", "你好"),
        (b"=?no-such-charset?q?J=F6rg?=", "Jörg"),
        (b"=?hex?q?41?=", "41"),
        (b"=?utf-8?b?abcde?=", "=?utf-8?b?abcde?="),
        (b"=?utf-8?q?unfinished", "=?utf-8?q?unfinished"),
        ("Jörg".encode(), "Jörg"),
        ("Jörg".encode("cp1252"), "Jörg"),
        (b"folded\r\n\tline", "folded line"),
        (b"=?utf-8?q?a=0D=0ABcc:_x=00y?=", "a Bcc: x y"),
    ],
)
def test_text_is_decoded(value: bytes, text: str) -> None:
    assert Headers(b"Subject: " + value + b"\r\n").text("subject") == text


@pytest.mark.parametrize(
    ("value", "addresses"),
    [
        ("ada@x.example", ["ada@x.example"]),
        ('"Lovelace, Ada" <ada@x.example>, bob@y.example', ["ada@x.example", "bob@y.example"]),
        ("Lovelace, Ada <ada@x.example>", ["ada@x.example"]),
        ("Ada@X.example, ada@x.EXAMPLE", ["Ada@X.example"]),
        ("undisclosed-recipients:;", []),
        ("Team: ada@x.example, bob@y.example;", ["ada@x.example", "bob@y.example"]),
        ("root, not an address@", []),
        ("=?utf-8?q?evil=40x.example?= <ada@x.example>", ["ada@x.example"]),
        ("=?utf-8?q?evil=40x.example=2C?=", []),
        ("(" * 20_000 + " ada@x.example", ["ada@x.example"]),
        ("<ada@x.example", ["ada@x.example"]),
    ],
)
def test_addresses_are_found(value: str, addresses: list[str]) -> None:
    headers = Headers(f"To: {value}\n".encode())
    assert [one.address for one in headers.mailboxes("to", "cc")] == addresses


def test_display_name_is_decoded() -> None:
    (mailbox,) = Headers(b'From: "=?utf-8?q?J=C3=B6rg?=" <J@x.example>\n').mailboxes("from")
    assert mailbox == ("Jörg", "J@x.example", "j@x.example")


def test_repeated_fields_keep_their_order() -> None:
    headers = Headers(b"Received: a\nTo: x@y.example\nreceived: b\n")
    assert headers.raw("received") == ["a", "b"]
    assert headers.raw("cc") == []
    assert bool(headers) != bool(Headers(b"\xff\x00"))


@given(st.binary(max_size=400))
def test_any_bytes_are_read(head: bytes) -> None:
    for data in (head, b"To: " + head, b"Subject: =?utf-8?q?" + head + b"?=\n"):
        headers = Headers(data)
        headers.text("subject").encode()
        for one in headers.mailboxes("to", "from"):
            assert "@" in one.address

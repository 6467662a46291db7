"""From which pages a key may be used."""

import pytest

from sources.collector.keys.origins import permits_origin, read_origin
from tests.sources.collector.keys.entries import entry

SHOP = ("https://shop.example.org", "https://beta.example.org:8443", "*.example.com")


@pytest.mark.parametrize(
    ("origin", "permitted"),
    [
        (None, True),
        (b"https://shop.example.org", True),
        (b"https://SHOP.example.org", True),
        (b"https://shop.example.org:443", True),
        (b"http://shop.example.org", False),
        (b"https://shop.example.org:8443", False),
        (b"https://beta.example.org:8443", True),
        (b"https://beta.example.org", False),
        (b"https://shop.example.org.evil.example", False),
        (b"https://evil-shop.example.org", False),
        (b"https://a.example.com", True),
        (b"http://a.b.example.com:3000", True),
        (b"https://example.com", False),
        (b"https://notexample.com", False),
        (b"https://a.example.com.evil.example", False),
        (b"https://evil.example/.example.com", False),
        (b"https://evil.example?.example.com", False),
        (b"https://evil.example#.example.com", False),
        (b"https://evil.example@a.example.com", False),
        (b"chrome-extension://a.example.com", False),
        (b"null", False),
        (b"", False),
        (b"https://", False),
        (b"https://a.example.com\r\nX: y", False),
        (b"https://\xff.example.com", False),
        (b"https://[::1]:3000", False),
    ],
)
def test_listed_origins_are_permitted(origin: bytes | None, permitted: bool) -> None:
    assert permits_origin(entry(origins=SHOP), origin) is permitted


@pytest.mark.parametrize("origin", [None, b"null", b"https://anything.example", b""])
def test_without_a_list_every_origin_is_permitted(origin: bytes | None) -> None:
    assert permits_origin(entry(), origin)


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("https://shop.example.org", "https://shop.example.org"),
        (" HTTPS://Shop.Example.org:443/ ", "https://shop.example.org"),
        ("http://localhost:3000", "http://localhost:3000"),
        ("http://127.0.0.1:80", "http://127.0.0.1"),
        ("http://[::1]:3000", "http://[::1]:3000"),
        ("*.Example.org", "*.example.org"),
        ("https://xn--bcher-kva.example", "https://xn--bcher-kva.example"),
        ("https://bücher.example", None),
        ("*.org", None),
        ("*", None),
        ("*.*.example.org", None),
        ("https://*.example.org", None),
        ("shop.example.org", None),
        ("https://shop.example.org/path", None),
        ("ftp://shop.example.org", None),
        ("null", None),
        ("", None),
    ],
)
def test_what_can_be_listed(text: str, normal: str | None) -> None:
    assert read_origin(text) == normal


def test_an_ipv6_origin_can_be_listed() -> None:
    assert permits_origin(entry(origins=("http://[::1]:3000",)), b"http://[::1]:3000")
    assert not permits_origin(entry(origins=("http://[::1]:3000",)), b"http://[::2]:3000")

"""The fields before the time: virtual host, client, user."""

import pytest

from sources.access_logs.head import Head, has_virtual_host, read_head
from sources.access_logs.request import Unreadable


def parts(text: str, virtual_host: bool = False) -> tuple[str, str, str] | str:
    head = read_head(text, virtual_host)
    return (head.virtual_host, head.client.text, head.user) if isinstance(head, Head) else head.reason


@pytest.mark.parametrize(
    ("text", "client", "user"),
    [
        ("198.51.100.7 - -", "198.51.100.7", ""),
        ('198.51.100.7 - ""', "198.51.100.7", ""),
        ("198.51.100.7 - john doe", "198.51.100.7", "john doe"),
        ("198.51.100.7 - a [b] c", "198.51.100.7", "a [b] c"),
        ("198.51.100.7:51001 - -", "198.51.100.7", ""),
        ("[2001:db8::7]:51001 - -", "2001:db8::7", ""),
        ("crawler.example - -", "crawler.example", ""),
        ("crawler.example - john doe", "crawler.example", "john doe"),
        ("198.51.100.7, 10.0.0.1 - -", "198.51.100.7", ""),
        ("198.51.100.7,10.0.0.1 - -", "198.51.100.7", ""),
        ("10.0.0.5, 198.51.100.7, 10.0.0.1 - -", "198.51.100.7", ""),
        ("198.51.100.7, 203.0.113.9, 10.0.0.1 - frank", "198.51.100.7", "frank"),
        ("unknown, 198.51.100.7 - -", "198.51.100.7", ""),
        ('"198.51.100.7, 10.0.0.1" 10.0.0.9 - -', "198.51.100.7", ""),
        ("198.51.100.7, 203.0.113.9 10.0.0.9 - -", "198.51.100.7", ""),
        ("198.51.100.7 10.0.0.9 - -", "198.51.100.7", ""),
        ("10.0.0.9 198.51.100.7 - -", "198.51.100.7", ""),
        ("198.51.100.7 198.51.100.7 - -", "198.51.100.7", ""),
        ("- 198.51.100.7 - -", "198.51.100.7", ""),
    ],
)
def test_the_client_and_the_user_are_read(text: str, client: str, user: str) -> None:
    assert parts(text) == ("", client, user)


@pytest.mark.parametrize(
    ("ident", "host"),
    [("www.shop.example", "www.shop.example"), ("web1.example:8080", "web1.example:8080"), ("ada", ""), ("-", "")],
)
def test_a_host_in_place_of_the_ident_is_the_virtual_host(ident: str, host: str) -> None:
    """This is the default of lighttpd."""
    assert parts(f"198.51.100.7 {ident} -") == (host, "198.51.100.7", "")
    assert parts(f"198.51.100.7, 10.0.0.1 {ident} ada") == (host, "198.51.100.7", "ada")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("- - -", "no_client"),
        ("unix: - -", "no_client"),
        ("198.51.100.7 203.0.113.9 - -", "no_client"),  # either of the two can be the client
        ("10.0.0.1 10.0.0.2 - -", "no_client"),
        ("www.shop.example:443 - -", "no_client"),
        ("www.shop.example crawler.example - -", "no_client"),
        ("Nov 28 10:00:00 web1 nginx: 198.51.100.7 - -", "no_client"),
        ("198.051.100.007 - -", "no_client"),
        ("www.shop.example:443 198.51.100.7 - -", "other_format"),
        ("www.shop.example 198.51.100.7, 10.0.0.1 - -", "other_format"),
    ],
)
def test_an_uncertain_client_is_rejected(text: str, reason: str) -> None:
    assert parts(text) == reason


@pytest.mark.parametrize(
    ("text", "head"),
    [
        ("www.shop.example:443 198.51.100.7 - -", ("www.shop.example:443", "198.51.100.7", "")),
        ("www.shop.example 198.51.100.7 - john doe", ("www.shop.example", "198.51.100.7", "john doe")),
        ("203.0.113.80:443 198.51.100.7 - -", ("203.0.113.80:443", "198.51.100.7", "")),
        ("203.0.113.80 198.51.100.7 - -", ("203.0.113.80", "198.51.100.7", "")),
        ("_ 198.51.100.7 - -", ("_", "198.51.100.7", "")),
        ("www.shop.example:443 198.51.100.7, 10.0.0.1 - -", ("www.shop.example:443", "198.51.100.7", "")),
        ("www.shop.example:443 crawler.example - -", ("www.shop.example:443", "crawler.example", "")),
        ("198.51.100.7 - -", "other_format"),
        ("www.shop.example - -", "no_client"),
    ],
)
def test_a_leading_virtual_host_is_read(text: str, head: object) -> None:
    assert parts(text, virtual_host=True) == head


@pytest.mark.parametrize(
    ("text", "has"),
    [
        ("www.shop.example:443 198.51.100.7 - -", True),
        ("web1 198.51.100.7 - -", True),
        ("_ 2001:db8::1 - -", True),
        ("198.51.100.7 - -", False),
        ("crawler.example - -", False),
        ("198.51.100.7 203.0.113.9 - -", False),
        ("nginx: 198.51.100.7 - -", False),
    ],
)
def test_a_name_before_an_address_is_a_virtual_host(text: str, has: bool) -> None:
    assert has_virtual_host(text.split(" ")) is has


def test_a_rejection_quotes_the_line() -> None:
    head = read_head("www.shop.example:443 - -", False)
    assert isinstance(head, Unreadable)
    assert "www.shop.example:443" in head.detail

"""Clients of requests: normalised addresses, host names, and forwarded lists."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.access_logs.addresses import (
    choose_client,
    forwarded_addresses,
    is_forwarded_list,
    read_client,
)
from tests.tables import table


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("198.51.100.61", "198.51.100.61"),
        ("198.51.100.61:51001", "198.51.100.61"),
        ("198.51.100.61:0", "198.51.100.61"),
        ("::ffff:198.51.100.61", "198.51.100.61"),
        ("::FFFF:C633:643D", "198.51.100.61"),
        ("[::ffff:198.51.100.61]:51001", "198.51.100.61"),
        ("2001:db8::1", "2001:db8::1"),
        ("2001:DB8::1", "2001:db8::1"),
        ("2001:0db8:0000:0000:0000:0000:0000:0001", "2001:db8::1"),
        ("2001:db8:0:0:0:0:0:1", "2001:db8::1"),
        ("2001:db8:0:0:0:0:0:1:51001", "2001:db8::1"),
        ("[2001:db8::1]", "2001:db8::1"),
        ("[2001:db8::1]:51001", "2001:db8::1"),
        ("fe80::1%eth0", "fe80::1"),
        ("[fe80::1%25eth0]:443", "fe80::1"),
        ("Crawler.Example.", "crawler.example"),
        ("dsl-198-51-100-7.isp.example", "dsl-198-51-100-7.isp.example"),
        ("h", "h"),
    ],
)
def test_spellings_of_an_address_are_normalised(written: str, text: str) -> None:
    client = read_client(written)
    assert client is not None
    assert client.text == text


@table(
    "written",
    [
        "", "-", "unknown", "unix:", "unix", "@", "_", "198.51.100", "198.51.100.256", "198.051.100.007", "12345",
        "[2001:db8::1", "[2001:db8::1]x", "www.shop.example:443", "a b", "a..b", ".a", "http://a", "a" * 254,
        "[::1]:123456",
    ],
)  # fmt: skip
def test_other_texts_name_no_client(written: str) -> None:
    assert read_client(written) is None


@pytest.mark.parametrize(
    ("written", "public"),
    [
        ("198.51.100.7", True),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("172.32.0.1", True),
        ("192.168.1.1", False),
        ("100.64.0.1", False),
        ("127.0.0.1", False),
        ("169.254.1.1", False),
        ("::1", False),
        ("fd00::1", False),
        ("fe80::1", False),
        ("2001:db8::1", True),
        ("::ffff:10.0.0.1", False),
        ("crawler.example", False),
    ],
)
def test_private_addresses_are_not_public(written: str, public: bool) -> None:
    client = read_client(written)
    assert client is not None
    assert client.is_public is public


@table(
    ("remote", "forwarded", "client"),
    [
        ("10.0.0.1", "198.51.100.41", "198.51.100.41"),
        ("10.0.0.1", "198.51.100.41, 10.0.0.9", "198.51.100.41"),
        ("10.0.0.1", "198.51.100.41,203.0.113.9", "198.51.100.41"),
        ("10.0.0.1", "192.168.1.5, 198.51.100.41", "198.51.100.41"),
        ("203.0.113.9", "198.51.100.41", "198.51.100.41"),
        ("198.51.100.41", "192.168.1.5", "198.51.100.41"),
        ("10.0.0.1", "192.168.1.5", "192.168.1.5"),
        ("10.0.0.1", "198.51.100.41:51001", "198.51.100.41"),
        ("10.0.0.1", "[2001:DB8::1]:51001, 10.0.0.2", "2001:db8::1"),
        ("10.0.0.1", '"198.51.100.41"', "198.51.100.41"),
        ("10.0.0.1", "unknown, 198.51.100.41", "198.51.100.41"),
        ("10.0.0.1", 'for=198.51.100.41;proto=https;by=203.0.113.43, for="[2001:db8::2]:80"', "198.51.100.41"),
        ("10.0.0.1", 'proto=http;for="[2001:db8:cafe::17]:4711"', "2001:db8:cafe::17"),
        ("10.0.0.1", "for=_hidden, for=unknown", "10.0.0.1"),
        ("10.0.0.1", "' OR 1=1 --", "10.0.0.1"),
        ("10.0.0.1", "-", "10.0.0.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("crawler.example", "", "crawler.example"),
        ("crawler.example", "198.51.100.41", "198.51.100.41"),
        ("unix:", "198.51.100.41", "198.51.100.41"),
    ],
)
def test_the_first_public_forwarded_address_is_the_client(remote: str, forwarded: str, client: str) -> None:
    chosen = choose_client(remote, forwarded)
    assert chosen is not None
    assert chosen.text == client


def test_a_socket_without_a_forwarded_list_is_no_client() -> None:
    assert choose_client("unix:", "-") is None


@pytest.mark.parametrize(
    ("text", "is_list"),
    [
        ("198.51.100.41", True),
        ("198.51.100.41, 10.0.0.1", True),
        ("unknown, 198.51.100.41", True),
        ("unknown", False),
        ("-", False),
        ("DE", False),
        ("for=198.51.100.41;proto=https, for=10.0.0.1;by=10.0.0.2", True),
        (r"for=\"[2001:db8::41]:4711\"", True),
        ("For=198.51.100.41; Host=shop.example", True),
        ("for=unknown", False),
        ("for=198.51.100.41;rt=1", False),
        ("id=198.51.100.41", False),
        ("198.51.100.41 via x", False),
        ("crawler.example", False),
    ],
)
def test_a_forwarded_list_has_only_addresses(text: str, is_list: bool) -> None:
    assert is_forwarded_list(text) is is_list


@given(st.ip_addresses())
def test_every_normalised_address_stays_the_same(address: object) -> None:
    for written in (str(address), str(address).upper(), f"[{address}]:80" if ":" in str(address) else f"{address}:80"):
        assert read_client(written) == read_client(str(address))
        assert read_client(str(address)) is not None


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_text_gives_a_client_or_none(remote: str, forwarded: str) -> None:
    chosen = choose_client(remote, forwarded)
    assert chosen is None or chosen.text
    assert all(one.is_address for one in forwarded_addresses(forwarded))

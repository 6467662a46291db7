"""Addresses of ClickHouse, and literals."""

import pytest

from sinks.clickhouse.client import Address, parse_address, quote


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("http://localhost/shop", Address("localhost", 8123, "shop")),
        ("http://u:p@h:81/shop", Address("h", 81, "shop", "u", "p")),
        ("https://u:p%40%2Fs@h.example/shop/", Address("h.example", 8443, "shop", "u", "p@/s", secure=True)),
        ("https://u@[::1]:1/a%20b", Address("::1", 1, "a b", "u", "", secure=True)),
    ],
)
def test_an_address_is_parsed(text: str, address: Address) -> None:
    assert parse_address(text) == address


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "begins with http:// or https://"),
        ("localhost:8123/shop", "begins with http:// or https://"),
        ("clickhouse://u:secret@h/shop", "begins with http:// or https://"),
        ("http:///shop", "has no host"),
        ("http://u:secret@h:port/shop", "the port of the ClickHouse address is no number"),
        ("http://u:secret@h:99999/shop", "the port of the ClickHouse address is no number"),
        ("http://u:secret@h", "a database of Touchline's own"),
        ("http://u:secret@h/default", "a database of Touchline's own"),
        ("http://u:secret@h/a/b", "a database of Touchline's own"),
    ],
)
def test_an_invalid_address_is_refused_without_its_password(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message) as caught:
        parse_address(text)
    assert "secret" not in str(caught.value)


def test_the_password_is_not_shown() -> None:
    address = parse_address("http://u:secret@h/shop")
    assert "secret" not in repr(address) + str(address)
    assert str(address) == "http://u@h:8123/shop"


@pytest.mark.parametrize(("text", "literal"), [("a", "'a'"), ("it's", r"'it\'s'"), ("\\", r"'\\'"), ("\\'", r"'\\\''")])
def test_a_literal_is_quoted(text: str, literal: str) -> None:
    assert quote(text) == literal

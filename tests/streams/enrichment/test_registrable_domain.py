"""Which hosts are one site."""

import pytest

from streams.enrichment.registrable_domain import site

CASES = [
    ("example.org", "example.org"),
    ("www.shop.example.org", "example.org"),
    ("www.example.co.uk", "example.co.uk"),
    ("example.com.br", "example.com.br"),
    ("a.b.example.com.au", "example.com.au"),
    ("co.uk", "co.uk"),
    ("shop.co.com", "co.com"),
    ("one.github.io", "one.github.io"),
    ("www.one.github.io", "one.github.io"),
    ("one.blogspot.de", "one.blogspot.de"),
    ("localhost", "localhost"),
    ("192.0.2.1", "192.0.2.1"),
    ("[2001:db8::1]", "[2001:db8::1]"),
    ("", ""),
]


@pytest.mark.parametrize(("host", "registered"), CASES)
def test_site(host: str, registered: str) -> None:
    assert site(host) == registered
    assert site(registered) == registered

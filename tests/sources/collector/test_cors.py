"""CORS: the origin is echoed with credentials, and a preflight permits what SDKs of browsers send."""

import pytest

from sources.collector.cors import answer_preflight, cors_headers

SHOP = b"https://shop.example.org"


def test_the_origin_is_echoed_and_credentials_are_allowed() -> None:
    headers = dict(cors_headers(SHOP))
    assert headers[b"access-control-allow-origin"] == SHOP
    assert headers[b"access-control-allow-credentials"] == b"true"
    assert headers[b"access-control-expose-headers"] == b"Retry-After"
    assert headers[b"vary"] == b"Origin"


@pytest.mark.parametrize("origin", [None, b"", b"https://a\tb", b"https://caf\xc3\xa9", b"x" * 301])
def test_what_is_no_origin_is_not_echoed(origin: bytes | None) -> None:
    assert dict(cors_headers(origin)) == {b"vary": b"Origin"}


def permitted(requested: bytes | None) -> set[bytes]:
    """Return the headers that a preflight permits."""
    answer = answer_preflight(requested)
    headers = dict(answer.headers)
    assert answer.status == 204
    assert int(headers[b"access-control-max-age"]) >= 7200
    return set(headers[b"access-control-allow-headers"].replace(b" ", b"").split(b","))


def test_a_preflight_permits_the_headers_that_sdks_send() -> None:
    known = permitted(None)
    assert {b"authorization", b"content-type", b"x-retry-count", b"anonymousid", b"sentat"} <= known
    assert permitted(b"rsa-retry-attempt,rsa-recovered") == known | {b"rsa-retry-attempt", b"rsa-recovered"}


@pytest.mark.parametrize("requested", [b"", b"a\tb", b"a: b", b"caf\xc3\xa9", b"x" * 1_001, b"a\r\nb"])
def test_what_are_no_names_of_headers_is_not_echoed(requested: bytes) -> None:
    assert permitted(requested) == permitted(None)

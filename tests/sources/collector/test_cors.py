"""CORS: the origin is echoed with credentials, and a preflight permits what SDKs of browsers send."""

import pytest

from sources.collector.cors import PREFLIGHT, cors_headers

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


def test_a_preflight_permits_the_headers_that_sdks_send() -> None:
    headers = dict(PREFLIGHT.headers)
    permitted = headers[b"access-control-allow-headers"].split(b", ")
    assert PREFLIGHT.status == 204
    assert {b"authorization", b"content-type", b"x-retry-count", b"anonymousid", b"sentat"} <= set(permitted)
    assert int(headers[b"access-control-max-age"]) >= 7200

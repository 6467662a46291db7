"""Write keys of requests: where they are found, and which requests they admit."""

from base64 import b64encode

import pytest

from sources.collector.credentials import admit_key, key_of_headers, key_of_query, query_of
from sources.collector.keys.entry import KeyEntry
from sources.collector.refusal import Refusal, RefusalReason
from sources.collector.request import Request
from tests.sources.collector.running import ENTRY, KEY, make_services

BOUND = KeyEntry("k-bound", "main", "shop", (), ("https://shop.example.org",), 0, 0)


def request(query: bytes = b"", **headers: bytes) -> Request:
    names = {name.replace("_", "-").encode(): value for name, value in headers.items()}
    return Request("POST", "/v1/touches", query, names, b"", "198.51.100.7", 1_700_000_000_000)


@pytest.mark.parametrize(
    ("headers", "key"),
    [
        ({"authorization": b"Bearer abc"}, "abc"),
        ({"authorization": b"bearer  abc "}, "abc"),
        ({"authorization": b"Basic " + b64encode(b"abc:")}, "abc"),
        ({"authorization": b"Basic " + b64encode(b"abc:secret")}, "abc"),
        ({"authorization": b"Basic " + b64encode(b"abc")}, "abc"),
        ({"authorization": b"Basic ????"}, ""),
        ({"authorization": b"Basic"}, ""),
        ({"authorization": b"Digest abc"}, ""),
        ({"x_write_key": b" abc "}, "abc"),
        ({"authorization": b"Bearer \xff"}, "\xff"),
        ({}, ""),
    ],
)
def test_keys_in_headers(headers: dict[str, bytes], key: str) -> None:
    assert key_of_headers(request(**headers)) == key


@pytest.mark.parametrize(
    ("query", "key"),
    [(b"key=abc", "abc"), (b"a=1&writeKey=abc", "abc"), (b"key=a%62c", "abc"), (b"", ""), (b"a=1", ""), (b"key", "")],
)
def test_keys_in_the_query(query: bytes, key: str) -> None:
    assert key_of_query(request(query)) == key


def test_a_query_of_thousands_of_parameters_is_not_read() -> None:
    assert query_of(request(b"a&" * 5_000)) == []


@pytest.mark.parametrize(
    ("key", "headers", "reason"),
    [
        ("", {}, RefusalReason.NO_KEY),
        ("tl_unknown", {}, RefusalReason.UNKNOWN_KEY),
        ("bound", {"origin": b"https://other.example.org"}, RefusalReason.ORIGIN_NOT_ALLOWED),
    ],
)
def test_requests_that_a_key_does_not_admit(key: str, headers: dict[str, bytes], reason: RefusalReason) -> None:
    services, _ = make_services(None, ("bound", BOUND))
    refusal = admit_key(request(**headers), services, key)
    assert isinstance(refusal, Refusal)
    assert refusal.reason is reason
    assert key not in refusal.detail.split() or not key


@pytest.mark.parametrize(
    ("key", "headers", "entry"),
    [(KEY, {}, ENTRY), ("bound", {}, BOUND), ("bound", {"origin": b"https://shop.example.org"}, BOUND)],
)
def test_requests_that_a_key_admits(key: str, headers: dict[str, bytes], entry: KeyEntry) -> None:
    services, _ = make_services(None, ("bound", BOUND))
    assert admit_key(request(**headers), services, key) == entry


class NotLoaded:
    """A directory whose keys have not been read yet."""

    def find(self, key: str) -> KeyEntry | None:
        return None

    def ready(self) -> str | None:
        return "the topic of keys is still being read"


def test_a_key_that_is_not_known_yet_is_not_refused_for_good() -> None:
    services, _ = make_services()
    refusal = admit_key(request(), services._replace(keys=NotLoaded()), KEY)
    assert isinstance(refusal, Refusal)
    assert (refusal.reason, refusal.retry_after_s) == (RefusalReason.SINK_UNAVAILABLE, 2)

"""Origin of touches: key and connection take precedence; addresses are believed only of trusted proxies."""

import json
from ipaddress import ip_network

import pytest

from sources.collector.origin import client_ip, origin_of, stamp
from sources.collector.request import Request
from tests.sources.collector.running import ENTRY

AGENT = b"Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
TRUSTED = (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))


def request(**headers: bytes) -> Request:
    names = {name.replace("_", "-").encode(): value for name, value in headers.items()}
    return Request("POST", "/v1/touches", b"", names, b"", "198.51.100.7", 1_700_000_000_000)


def test_a_browser_has_its_address_and_agent_on_visits() -> None:
    origin = origin_of(ENTRY, request(origin=b"https://shop.example.org", user_agent=AGENT))
    touch = stamp({"type": "page", "ip": "192.0.2.1", "tenant": "other", "source": "x"}, "visits", origin)
    expected = {"tenant": "main", "source": "shop", "ip": "198.51.100.7", "user_agent": AGENT.decode()}
    assert touch == {"type": "page", **expected}
    assert json.loads(b'{"a":1' + origin.json_of("visits") + b"}") == {"a": 1, **expected}


def test_touches_of_other_channels_have_no_address() -> None:
    origin = origin_of(ENTRY, request(origin=b"https://shop.example.org", user_agent=AGENT))
    assert stamp({"type": "answered"}, "calls", origin) == {"type": "answered", "tenant": "main", "source": "shop"}
    assert json.loads(b'{"a":1' + origin.json_of("calls") + b"}") == {"a": 1, "tenant": "main", "source": "shop"}


def test_a_server_keeps_the_address_that_it_sends() -> None:
    origin = origin_of(ENTRY, request(user_agent=b"python-requests/2.32"))
    touch = stamp({"type": "page", "ip": "192.0.2.1"}, "visits", origin)
    assert touch == {"type": "page", "ip": "192.0.2.1", "tenant": "main", "source": "shop"}


def test_an_endpoint_may_know_better_who_sends() -> None:
    assert origin_of(ENTRY, request(user_agent=AGENT), of_browser=True).visit["ip"] == "198.51.100.7"
    assert "ip" not in origin_of(ENTRY, request(origin=b"https://a.example"), of_browser=False).visit


def test_a_time_of_arrival_that_the_client_claims_is_dropped() -> None:
    assert "received_at" not in stamp({"received_at": 1}, "visits", origin_of(ENTRY, request()))


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("198.51.100.7", None, "198.51.100.7"),
        ("198.51.100.7", b"192.0.2.1", "198.51.100.7"),  # the peer is no trusted proxy
        ("10.0.0.1", b"192.0.2.1", "192.0.2.1"),
        ("10.0.0.1", b"203.0.113.9, 192.0.2.1", "192.0.2.1"),  # the first one may be made up
        ("10.0.0.1", b"192.0.2.1, 10.0.0.2", "192.0.2.1"),
        ("10.0.0.1", b"10.0.0.3, 10.0.0.2", "10.0.0.3"),
        ("10.0.0.1", b"192.0.2.1:4711", "192.0.2.1"),
        ("10.0.0.1", b"[2001:db8::7]:4711", "2001:db8::7"),
        ("10.0.0.1", b"2001:db8::7", "2001:db8::7"),
        ("fd00::1", b"192.0.2.1", "192.0.2.1"),
        ("::ffff:10.0.0.1", b"192.0.2.1", "192.0.2.1"),
        ("10.0.0.1", b"unknown", "10.0.0.1"),
        ("10.0.0.1", b"", "10.0.0.1"),
        ("10.0.0.1", b"192.0.2.1, '; DROP TABLE", "10.0.0.1"),
        ("", b"192.0.2.1", ""),
    ],
)
def test_the_client_is_the_last_address_that_no_trusted_proxy_has(
    peer: str, forwarded: bytes | None, client: str
) -> None:
    assert client_ip(peer, forwarded, TRUSTED) == client


def test_without_trusted_proxies_nothing_is_believed() -> None:
    assert client_ip("10.0.0.1", b"192.0.2.1", ()) == "10.0.0.1"

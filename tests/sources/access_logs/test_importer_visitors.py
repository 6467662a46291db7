"""Visitors of access logs: addresses, virtual hosts and load balancers."""

from dataclasses import replace
from typing import Literal

import pytest

from schemas.time import DAY_MS
from sources.access_logs.importer import AccessLogOptions, visitor_id
from sources.outcome import Emit, Skip
from tests.sources.access_logs.importing import OPTIONS, line, made_by, outcomes, touch


def test_addresses_can_be_dropped_and_host_names_are_properties() -> None:
    assert "ip" not in touch(line(), replace(OPTIONS, addresses=False))
    named = touch(line(host="crawler.example"))
    assert "ip" not in named
    assert named["properties"] == {"status": 200, "bytes": 512, "host": "crawler.example"}


@pytest.mark.parametrize(
    ("by", "later_ms", "same"), [("day", 1_000, True), ("day", DAY_MS, False), ("ever", 400 * DAY_MS, True)]
)
def test_a_visitor_depends_on_address_agent_key_and_day(by: Literal["day", "ever"], later_ms: int, same: bool) -> None:
    options = replace(OPTIONS, visitor_by=by)
    first = visitor_id("203.0.113.7", "Mozilla", 0, options)
    assert (visitor_id("203.0.113.7", "Mozilla", later_ms, options) == first) is same
    assert visitor_id("203.0.113.8", "Mozilla", 0, options) != first
    assert visitor_id("203.0.113.7", "Opera", 0, options) != first
    assert visitor_id("203.0.113.7", "Mozilla", 0, replace(options, visitor_key=b"another key, longer")) != first
    assert "203.0.113.7" not in first


@pytest.mark.parametrize(
    "spellings",
    [
        ["198.51.100.61:51001", "198.51.100.61:51002", "198.51.100.61", "::ffff:198.51.100.61"],
        ["2001:db8::1", "2001:DB8::1", "2001:0db8:0:0:0:0:0:1", "[2001:db8::1]:443", "2001:db8::1%eth0"],
        ["198.51.100.61, 10.0.0.1", "198.51.100.61", "198.51.100.61,203.0.113.9"],
        ["crawler.example", "Crawler.Example", "crawler.example."],
    ],
)
def test_one_client_in_several_spellings_is_one_visitor(spellings: list[str]) -> None:
    touches = [touch(line(host=one)) for one in spellings]
    assert len({one["anonymous_id"] for one in touches}) == 1
    assert len({one.get("ip") for one in touches}) == 1


def test_visitor_ids_of_earlier_imports_do_not_change() -> None:
    # A file that is imported again must have the same visitors, also with a later version.
    key = b"a key of the test"
    assert (
        visitor_id("203.0.113.7", "Mozilla/5.0", 1_431_857_103_000, AccessLogOptions("https://a.example", key))
        == (touch(line())["anonymous_id"])
    )
    assert touch(line())["anonymous_id"] == "d93cb62c8577dc04e5519da82"
    assert touch(line())["event_id"] == "c5cf66af07afb8995e5cc504082dee07"


REQUEST = '[17/May/2015:10:05:03 +0000] "GET /a HTTP/1.1" 200 512 "-" "Mozilla/5.0"'


def test_two_clients_of_a_virtual_host_are_two_visitors() -> None:
    text = "\n".join(
        [
            f"www.example.com:443 198.51.100.11 - - {REQUEST}",
            f"www.example.com:443 198.51.100.22 - - {REQUEST}",
            f"blog.example.com:443 203.0.113.33 - - {REQUEST}",
            f"example.com:80 203.0.113.34 - - {REQUEST}",
            f"web1:443 203.0.113.35 - - {REQUEST}",
            f"_ 203.0.113.36 - - {REQUEST}",
        ]
    )
    assert made_by(text) == [
        ("198.51.100.11", "https://www.example.com/a"),
        ("198.51.100.22", "https://www.example.com/a"),
        ("203.0.113.33", "https://blog.example.com/a"),
        ("203.0.113.34", "https://www.example.com/a"),
        ("203.0.113.36", "https://www.example.com/a"),
    ]
    assert ("203.0.113.35", "https://www.example.com/a") in made_by(text, replace(OPTIONS, aliases=("web1",)))
    (other,) = outcomes(f"web1:443 203.0.113.35 - - {REQUEST}\n".encode())
    assert other == Skip("other_site")


def test_two_clients_behind_a_load_balancer_are_two_visitors() -> None:
    lines = [f'10.0.0.1 - - {REQUEST} "{one}"\n'.encode() for one in ("198.51.100.41", "198.51.100.42, 10.0.0.9")]
    touches = [one.touch for one in outcomes(*lines) if isinstance(one, Emit)]
    assert [one["ip"] for one in touches] == ["198.51.100.41", "198.51.100.42"]
    assert len({one["anonymous_id"] for one in touches}) == 2


def test_pages_of_another_host_after_the_client_are_skipped() -> None:
    lines = [
        line().replace(b" - - [", b" " + host + b" - [")
        for host in (b"www.example.com", b"blog.example.com", b"x.example")
    ]
    *own, other = outcomes(*lines)
    assert [one.touch["url"] for one in own if isinstance(one, Emit)] == [
        "https://www.example.com/",
        "https://blog.example.com/",
    ]
    assert other == Skip("other_site")


def test_zero_bytes_before_a_line_are_not_part_of_the_address() -> None:
    assert touch(b"\0" * 64 + line())["ip"] == "203.0.113.7"
    assert touch(b"\0" * 64 + line())["anonymous_id"] == touch(line())["anonymous_id"]

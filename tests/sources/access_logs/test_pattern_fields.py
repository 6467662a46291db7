"""The roles of fields in the patterns of Apache and nginx."""

import pytest

from sources.access_logs.pattern_fields import TIMES, apache_role, nginx_role
from tests.tables import table


@table(
    ("letter", "argument", "role"),
    [
        ("h", None, "remote"),
        ("a", None, "remote"),
        ("a", "c", ""),  # the address of the load balancer
        ("s", None, "status"),
        ("t", None, "time_clf"),
        ("t", "sec", "time_s"),
        ("t", "begin:msec", "time_ms"),
        ("t", "end:%Y-%m-%dT%H:%M:%S%z", "time_iso"),
        ("t", "msec_frac", ""),
        ("i", "Referer", "referrer"),
        ("i", "X-Forwarded-For", "forwarded"),
        ("i", "Accept", ""),
        ("o", "Content-Type", "media_type"),
        ("o", "Set-Cookie", ""),
        ("D", None, ""),
    ],
)
def test_roles_of_apache(letter: str, argument: str | None, role: str) -> None:
    assert apache_role(letter, argument) == role


def test_a_time_without_a_zone_raises() -> None:
    with pytest.raises(ValueError, match=r"%\{%H:%M\}t has no zone or an unknown format: use %t"):
        apache_role("t", "%H:%M")


@table(
    ("variable", "role"),
    [
        ("remote_addr", "remote"),
        ("time_iso8601", "time_iso"),
        ("msec", "time_s"),
        ("http_user_agent", "user_agent"),
        ("http_x_forwarded_for", "forwarded"),
        ("http_accept", ""),
        ("request_time", ""),
    ],
)
def test_roles_of_nginx(variable: str, role: str) -> None:
    assert nginx_role(variable) == role


@table(
    ("role", "text", "at_ms"),
    [
        ("time_clf", "17/May/2015:10:05:03 +0000", 1_431_857_103_000),
        ("time_iso", "2015-05-17T12:05:03+02:00", 1_431_857_103_000),
        ("time_s", "1431857103.250", 1_431_857_103_250),
        ("time_ms", "1431857103250", 1_431_857_103_250),
        ("time_us", "1431857103250000", 1_431_857_103_250),
        ("time_clf", "yesterday", None),
        ("time_s", "soon", None),
    ],
)
def test_each_role_of_a_time_has_its_parser(role: str, text: str, at_ms: int | None) -> None:
    assert TIMES[role](text) == at_ms

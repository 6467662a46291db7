"""Times in access logs."""

import pytest

from sources.access_logs.times import parse_any, parse_iso, parse_utc

AT_MS = 1_431_857_103_000


@pytest.mark.parametrize(
    ("text", "at_ms"),
    [
        ("2015-05-17T10:05:03Z", AT_MS),
        ("2015-05-17T12:05:03.250+02:00", AT_MS + 250),
        ("2015-05-17 10:05:03+0000", AT_MS),
        ("2015-05-17T10:05:03.123456789Z", AT_MS + 123),
        ("2015-05-17T10:05:03", None),
        ("2015-13-17T10:05:03Z", None),
        ("", None),
    ],
)
def test_iso_times_need_a_zone(text: str, at_ms: int | None) -> None:
    assert parse_iso(text) == at_ms


def test_times_of_the_w3c_format_are_utc() -> None:
    assert parse_utc("2015-05-17 10:05:03") == AT_MS
    assert parse_utc("2015-05-17 ") is None
    assert parse_utc(" ") is None


@pytest.mark.parametrize(
    ("text", "at_ms"),
    [
        ("17/May/2015:10:05:03 +0000", AT_MS),
        ("[17/May/2015:12:05:03 +0200]", AT_MS),
        ("2015-05-17T10:05:03Z", AT_MS),
        ("1431857103", AT_MS),
        ("1431857103.250", AT_MS + 250),
        ("1431857103250", AT_MS + 250),
        ("1431857103250000", AT_MS + 250),
        ("1431857103250000000", AT_MS + 250),
        ("20150517", None),
        ("2015-05-17 10:05:03", None),
        ("yesterday", None),
        ("nan", None),
    ],
)
def test_the_format_of_a_time_is_recognised(text: str, at_ms: int | None) -> None:
    assert parse_any(text) == at_ms

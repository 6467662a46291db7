"""Lines in the common and the combined format."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.access_logs.lines import (
    LONGEST_LINE_BYTES,
    ClfFormat,
    ClfReader,
    LogLine,
    Unreadable,
    parse_line,
    parse_time,
    quoted_fields,
)
from tests.tables import table

COMBINED = (
    b'203.0.113.7 - - [17/May/2015:10:05:03 +0000] "GET /a?b=c HTTP/1.1" 200 512 '
    b'"http://example.com/" "Mozilla/5.0 (X11; Linux)"\n'
)
AT_MS = 1_431_857_103_000


def read(line: bytes) -> LogLine:
    parsed = parse_line(line)
    assert isinstance(parsed, LogLine), parsed
    return parsed


def test_a_combined_line_is_read() -> None:
    assert parse_line(COMBINED) == LogLine(
        "203.0.113.7", "", AT_MS, "GET", "/a?b=c", 200, 512, "http://example.com/", "Mozilla/5.0 (X11; Linux)"
    )


def test_a_common_line_is_read() -> None:
    line = b'host.example - frank [10/Oct/2000:13:55:36 -0700] "GET /apache_pb.gif HTTP/1.0" 200 2326\n'
    assert parse_line(line) == LogLine(
        "host.example", "frank", 971_211_336_000, "GET", "/apache_pb.gif", 200, 2326, None, None
    )


@table(
    ("change", "field", "value"),
    [
        ((b" 200 512 ", b" 304 - "), "size_bytes", None),
        ((b'"http://example.com/"', b'"-"'), "referrer", ""),
        ((b'"Mozilla/5.0 (X11; Linux)"', b'"-"'), "user_agent", ""),
        ((b'"Mozilla/5.0 (X11; Linux)"', b'""'), "user_agent", ""),
        ((b"Mozilla/5.0 (X11; Linux)", b'say \\"hi\\" \\\\ \\x41'), "user_agent", 'say "hi" \\ A'),
        ((b"Mozilla/5.0 (X11; Linux)", b"\\xd0\\x9f"), "user_agent", "П"),
        ((b"Mozilla/5.0 (X11; Linux)", b"\\xe4"), "user_agent", "ä"),
        ((b"Mozilla/5.0 (X11; Linux)", b"a\\nb\\x00c\x7fd"), "user_agent", "a b c d"),
        ((b"Mozilla/5.0 (X11; Linux)", b"caf\xc3\xa9 \xff"), "user_agent", "café �"),
        ((b'Linux)"\n', b'Linux)" "198.51.100.1" rt=0.03\n'), "user_agent", "Mozilla/5.0 (X11; Linux)"),
        ((b"GET /a?b=c HTTP/1.1", b"GET /with a space HTTP/1.1"), "target", "/with a space"),
        ((b"GET /a?b=c HTTP/1.1", b"GET /old"), "target", "/old"),
        ((b"GET /a?b=c HTTP/1.1", b"\\x16\\x03\\x01"), "target", ""),
        ((b"GET /a?b=c HTTP/1.1", b"-"), "target", ""),
        ((b"203.0.113.7 - - ", b"2001:db8::1 - john doe "), "user", "john doe"),
        ((b"203.0.113.7 - - ", b"203.0.113.7 - a [b] c "), "user", "a [b] c"),
        ((b"203.0.113.7 - - ", b"203.0.113.7 - a [17/May/2015:10:05:03 +0000] "), "at_ms", AT_MS),
        ((b"203.0.113.7 - - ", b'203.0.113.7 - "" '), "user", ""),
        ((b"203.0.113.7 - - ", b"203.0.113.7:51001 - - "), "host", "203.0.113.7"),
        ((b"203.0.113.7 - - ", b"[2001:DB8::1]:51001 - - "), "host", "2001:db8::1"),
        ((b"203.0.113.7 - - ", b"203.0.113.7 www.shop.example - "), "host", "203.0.113.7"),
        ((b"203.0.113.7 - - ", b"203.0.113.7, 10.0.0.1 - - "), "host", "203.0.113.7"),
        ((b"GET /a?b=c HTTP/1.1", b"GET /a] [b HTTP/1.1"), "target", "/a] [b"),
        ((b"\n", b"\r\n"), "user_agent", "Mozilla/5.0 (X11; Linux)"),
        ((b"\n", b""), "user_agent", "Mozilla/5.0 (X11; Linux)"),
    ],
)
def test_odd_values_of_fields_are_read(change: tuple[bytes, bytes], field: str, value: object) -> None:
    assert getattr(read(COMBINED.replace(*change)), field) == value


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (COMBINED[:-2] + b"\n", "cut_short"),
        (COMBINED[:60], "cut_short"),
        (COMBINED[:90], "cut_short"),
        (b'h - - [10/Oct/2000:13:55:36 -0700] "GET / HTTP/1.0" 200 23', "cut_short"),
        (b"203.0.113.7 - - [17/Ma\n", "not_a_log_line"),
        (b"hello\n", "not_a_log_line"),
        (b"\x00\x01\x02\xff\n", "not_a_log_line"),
        (COMBINED.replace(b"May", b"Mai"), "bad_time"),
        (COMBINED.replace(b"17/May", b"31/Feb"), "bad_time"),
        (COMBINED.replace(b"10:05:03", b"25:05:03"), "bad_time"),
        (COMBINED.replace(b"10:05:03", b"10:05:61"), "bad_time"),
        (COMBINED.replace(b"+0000", b"     "), "bad_time"),
        (b"a" * (LONGEST_LINE_BYTES + 1), "too_long"),
        (b"www.shop.example:443 " + COMBINED, "other_format"),
        (b"www.shop.example " + COMBINED, "other_format"),
        (b"198.51.100.9 " + COMBINED, "no_client"),
        (COMBINED.replace(b"203.0.113.7", b"-"), "no_client"),
        (COMBINED.replace(b"203.0.113.7", b"unix:"), "no_client"),
    ],
)
def test_unreadable_lines_are_rejected(line: bytes, reason: str) -> None:
    parsed = parse_line(line)
    assert isinstance(parsed, Unreadable)
    assert parsed.reason == reason
    assert parsed.detail


def test_every_prefix_of_a_line_is_rejected() -> None:
    # After a crash of the server, a line may end anywhere: it must not become a touch with half a value.
    body = COMBINED.rstrip(b"\n")
    for length in range(1, len(body)):
        assert isinstance(parse_line(body[:length]), Unreadable), body[:length]


@pytest.mark.parametrize(
    ("text", "at_ms"),
    [
        ("17/May/2015:10:05:03 +0000", AT_MS),
        ("17/May/2015:12:05:03 +0200", AT_MS),
        ("17/May/2015:04:35:03 -0530", AT_MS),
        ("01/Jan/1970:00:00:00 +0000", 0),
        ("31/Dec/2016:23:59:60 +0000", 1_483_228_800_000),
        ("", None),
        ("17/May/2015 10:05:03 +0000", None),
        ("17/May/2015:10:05:xx +0000", None),
    ],
)
def test_times_are_read_or_none(text: str, at_ms: int | None) -> None:
    assert parse_time(text) == at_ms


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_give_a_result(line: bytes) -> None:
    assert isinstance(parse_line(line), LogLine | Unreadable)


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=60))
def test_any_quoted_text_gives_a_result(request: str, referrer: str, agent: str) -> None:
    line = f'h - - [17/May/2015:10:05:03 +0000] "{request}" 200 5 "{referrer}" "{agent}"\n'
    assert isinstance(parse_line(line.encode("utf-8", "replace")), LogLine | Unreadable)


@pytest.mark.parametrize(
    ("format", "line", "host"),
    [
        (ClfFormat(virtual_host=True), b"www.shop.example:443 " + COMBINED, "203.0.113.7"),
        (ClfFormat(virtual_host=True), COMBINED, "other_format"),
        (ClfFormat(), COMBINED[:-1] + b' "198.51.100.9"\n', "203.0.113.7"),
        (ClfFormat(forwarded_at=0), COMBINED[:-1] + b' "198.51.100.9"\n', "198.51.100.9"),
        (ClfFormat(forwarded_at=0), COMBINED[:-1] + b' "-"\n', "203.0.113.7"),
        (ClfFormat(forwarded_at=0), COMBINED, "203.0.113.7"),
        (ClfFormat(forwarded_at=0), COMBINED[:-1] + b' "\\x22 OR 1=1" "198.51.100.9"\n', "203.0.113.7"),
        (ClfFormat(forwarded_at=1), COMBINED[:-1] + b' rt=1 "a \\" b" x "198.51.100.9, 10.0.0.1"\n', "198.51.100.9"),
    ],
)
def test_fields_around_the_common_format_are_read(format: ClfFormat, line: bytes, host: str) -> None:
    parsed = parse_line(line, format)
    assert (parsed.host if isinstance(parsed, LogLine) else parsed.reason) == host


def test_the_virtual_host_is_kept() -> None:
    parsed = parse_line(b"www.shop.example:443 " + COMBINED, ClfFormat(virtual_host=True))
    assert isinstance(parsed, LogLine)
    assert parsed.virtual_host == "www.shop.example:443"


COMMON = 'h - - [10/Oct/2000:13:55:36 -0700] "GET / HTTP/1.0" 200 23'


@pytest.mark.parametrize(
    ("agent", "lines", "reasons"),
    [
        (None, [COMMON, COMMON], ["", ""]),
        (None, [f'{COMMON} "-" "-"', COMMON], ["", "cut_short"]),
        (True, [COMMON, f'{COMMON} "-" "-"'], ["cut_short", ""]),
        (False, [COMMON, f'{COMMON} "-" "-"'], ["", "other_format"]),
    ],
)
def test_a_line_with_an_unexpected_user_agent_is_rejected(
    agent: bool | None, lines: list[str], reasons: list[str]
) -> None:
    reader = ClfReader(ClfFormat(agent=agent))
    assert [getattr(reader.read(line, True), "reason", "") for line in lines] == reasons


def test_quoted_fields_are_unescaped() -> None:
    assert quoted_fields(r'"a" 1 "" x"b \" c" "d" "e') == ["a", "", r"b \" c", "d"]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b'{"status": 200, "request": "GET / HTTP/1.1", "remote_addr": "198.51.100.7"}\n', "no known key for time"),
        (b'{"level": "info", "msg": "started"}\n', "no known key for time, status, request"),
    ],
)
def test_the_rejection_of_an_object_names_the_missing_keys(line: bytes, words: str) -> None:
    found = parse_line(line)
    assert isinstance(found, Unreadable)
    assert found.reason == "not_a_log_line"
    assert found.detail.startswith(words)

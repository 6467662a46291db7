"""Formats of the configurations of Apache and nginx."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.access_logs.pattern import PatternReader, compile_pattern, is_pattern
from sources.access_logs.request import LogLine, Unreadable

AT_MS = 1_795_856_401_000
TIME = "28/Nov/2026:09:00:01 +0000"
COMBINED = r"%h %l %u %t \"%r\" %>s %b \"%{Referer}i\" \"%{User-agent}i\""


def read(pattern: str, line: str, ended: bool = True) -> LogLine | Unreadable:
    return PatternReader(compile_pattern(pattern)).read(line, ended)


@pytest.mark.parametrize(
    ("pattern", "line"),
    [
        (COMBINED, f'198.51.100.7 - - [{TIME}] "GET /a?b=c HTTP/1.1" 200 512 "-" "Mozilla"'),
        (f'"{COMBINED}"', f'198.51.100.7 - - [{TIME}] "GET /a?b=c HTTP/1.1" 200 512 "-" "Mozilla"'),
        (f'LogFormat "{COMBINED}" combined', f'198.51.100.7 - - [{TIME}] "GET /a?b=c HTTP/1.1" 200 512 "-" "Mozilla"'),
        (
            "log_format main escape=json '$remote_addr - $remote_user [$time_local] \"$request\" '\n"
            '  \'$status $body_bytes_sent "$http_referer" "$http_user_agent"\';',
            f'198.51.100.7 - - [{TIME}] "GET /a?b=c HTTP/1.1" 200 512 "-" "Mozilla"',
        ),
        (
            '%v:%p %{X-Forwarded-For}i %h %l %u %t "%r" %>s %O "%{User-Agent}i"',
            f'web1:443 198.51.100.7, 10.0.0.2 10.0.0.1 - - [{TIME}] "GET /a?b=c HTTP/1.1" 200 512 "Mozilla"',
        ),
        (
            '%{X-Real-IP}i %a %t "%m %U%q %H" %s %B %D "%{User-Agent}i"',
            f'198.51.100.7 10.0.0.1 [{TIME}] "GET /a?b=c HTTP/1.1" 200 512 83 "Mozilla"',
        ),
        (
            "%{%Y-%m-%dT%H:%M:%S%z}t|%a|%r|%>s|%b|%{User-Agent}i",
            "2026-11-28T09:00:01+0000|198.51.100.7|GET /a?b=c HTTP/1.1|200|512|Mozilla",
        ),
        ("%{msec}t %a %m %U%q %s %b %{User-Agent}i", "1795856401000 198.51.100.7 GET /a?b=c 200 512 Mozilla"),
        (
            "'$remote_addr - $remote_user [$time_local] \"$request\" ' '$status $body_bytes_sent \"$http_referer\" ' "
            '\'"$http_user_agent" "$http_x_forwarded_for"\';',
            f'10.0.0.1 - - [{TIME}] "GET /a?b=c HTTP/1.1" 200 512 "-" "Mozilla" "198.51.100.7"',
        ),
        (
            '$http_x_forwarded_for [$time_iso8601] "$request_method $scheme://$host$request_uri" ${status} $bytes_sent '
            '"$http_user_agent" rt=$request_time',
            '198.51.100.7 [2026-11-28T09:00:01+00:00] "GET https://www.shop.example/a?b=c" 200 512 "Mozilla" rt=0.003',
        ),
        (
            "$msec\t$remote_addr\t$request_method\t$uri$is_args$args\t$status\t$body_bytes_sent\t$http_user_agent",
            "1795856401.000\t198.51.100.7\tGET\t/a?b=c\t200\t512\tMozilla",
        ),
        (
            r"$msec\t$remote_addr\t$request\t$status\t$body_bytes_sent\t$http_user_agent",
            "1795856401.000\t198.51.100.7\tGET /a?b=c HTTP/1.1\t200\t512\tMozilla",
        ),
    ],
)
def test_formats_of_configurations_are_read(pattern: str, line: str) -> None:
    found = read(pattern, line)
    assert isinstance(found, LogLine), found
    assert (found.host, found.at_ms, found.method, found.target) == ("198.51.100.7", AT_MS, "GET", "/a?b=c")
    assert (found.status, found.size_bytes, found.user_agent) == (200, 512, "Mozilla")


@pytest.mark.parametrize(
    ("line", "field", "value"),
    [
        (f'198.51.100.7 - john [x] doe [{TIME}] "GET /a HTTP/1.1" 200 5 "-" "M"', "user", "john [x] doe"),
        (f'198.51.100.7 - - [{TIME}] "GET /\\"a\\" HTTP/1.1" 200 5 "-" "M"', "target", '/"a"'),
        (f'198.51.100.7 - - [{TIME}] "GET /a HTTP/1.1" 200 - "-" "M"', "size_bytes", None),
        (f'198.51.100.7 - - [{TIME}] "GET /a HTTP/1.1" 200 5 "a \\x22b" "M"', "referrer", 'a "b'),
        (f'[2001:DB8::7]:99 - - [{TIME}] "GET /a HTTP/1.1" 200 5 "-" "M"', "host", "2001:db8::7"),
    ],
)
def test_fields_are_read(line: str, field: str, value: object) -> None:
    found = read(COMBINED, line)
    assert isinstance(found, LogLine), found
    assert getattr(found, field) == value


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("what?", "not_a_log_line"),
        (f'198.51.100.7 - - [{TIME}] "GET /a HTTP/1.1" 200 5 "-" "M" "more"', "not_a_log_line"),
        (f'198.51.100.7 - - [{TIME}] "GET /a HTTP/1.1" 200 5 "-"', "not_a_log_line"),
        (f'unix: - - [{TIME}] "GET /a HTTP/1.1" 200 5 "-" "M"', "no_client"),
        (f'198.51.100.7 - - [{TIME[:-6]}] "GET /a HTTP/1.1" 200 5 "-" "M"', "bad_time"),
        (f'198.51.100.7 - - [{TIME}] "GET /a HTTP/1.1" ok 5 "-" "M"', "bad_field"),
    ],
)
def test_lines_in_other_formats_are_rejected(line: str, reason: str) -> None:
    found = read(COMBINED, line)
    assert isinstance(found, Unreadable)
    assert found.reason == reason


def test_a_last_line_without_an_end_is_cut_short() -> None:
    found = read('%h %t "%r" %>s %b', f'198.51.100.7 [{TIME}] "GET / HTTP/1.1" 200 51', ended=False)
    assert isinstance(found, Unreadable)
    assert found.reason == "cut_short"


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ('%h "%r" %>s', "no field for a time"),
        ('%h %t "%r"', "no field for a status"),
        ("%h %t %>s", "no field for a request"),
        ('%t "%r" %>s', "no field for a client"),
        ('%h%u %t "%r" %>s', "%h and %u with nothing between them"),
        ("%h %{%H:%M}t %r %>s", "has no zone or an unknown format"),
    ],
)
def test_unusable_patterns_raise(pattern: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        compile_pattern(pattern)


@pytest.mark.parametrize(
    ("text", "pattern"),
    [("%h %t", True), ("$remote_addr", True), ("${status}", True), ("combined", False), ("", False)],
)
def test_a_pattern_has_fields(text: str, pattern: bool) -> None:
    assert is_pattern(text) is pattern


@given(st.text(max_size=200))
def test_any_line_gives_a_result(line: str) -> None:
    assert isinstance(read(COMBINED, line), LogLine | Unreadable)

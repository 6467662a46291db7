"""A request is built from values by role, or rejected."""

from sources.access_logs.request import (
    LogLine,
    Unreadable,
    build_log_line,
    find_client,
    replace_controls,
    split_request,
    unescape,
)
from tests.tables import table

GOOD = {"remote": "203.0.113.7", "request": "GET /a?b=1 HTTP/1.1", "status": "200", "size": "512"}
AT_MS = 1_431_857_103_000


def test_a_request_is_built_from_values() -> None:
    assert build_log_line(GOOD | {"user": "ada", "referrer": "", "user_agent": "Firefox"}, AT_MS) == LogLine(
        "203.0.113.7", "ada", AT_MS, "GET", "/a?b=1", 200, 512, "", "Firefox"
    )


@table(
    ("changed", "target"),
    [
        ({"method": "post", "target": "/a", "query": "?b=1"}, ("POST", "/a?b=1")),
        ({"method": "GET", "target": "/a?b=1", "query": "b=1"}, ("GET", "/a?b=1")),
        ({"target": "/a"}, ("GET", "/a")),
    ],
)
def test_a_target_is_joined_with_its_query(changed: dict[str, str], target: tuple[str, str]) -> None:
    line = build_log_line({"remote": "203.0.113.7", "status": "200"} | changed, AT_MS)
    assert isinstance(line, LogLine)
    assert (line.method, line.target) == target
    assert line.size_bytes is None


@table(
    ("changed", "reason"),
    [
        ({"remote": "not an address"}, "no_client"),
        ({"status": ""}, "bad_field"),
        ({"status": "2000"}, "bad_field"),
        ({"status": "²00"}, "bad_field"),
        ({"size": "12k"}, "bad_field"),
        ({"size": "1" * 19}, "bad_field"),
    ],
)
def test_wrong_values_are_rejected(changed: dict[str, str], reason: str) -> None:
    found = build_log_line(GOOD | changed, AT_MS)
    assert isinstance(found, Unreadable)
    assert found.reason == reason


def test_a_line_without_a_time_is_rejected() -> None:
    assert build_log_line(GOOD | {"time": "soon"}, None) == Unreadable(
        "bad_time",
        "'soon' is not a time of the format: log ISO 8601 with its zone, or seconds since 1970",
    )


@table(
    ("values", "client"),
    [
        ({"remote": "10.0.0.1", "forwarded": "198.51.100.7, 10.0.0.2"}, "198.51.100.7"),
        ({"remote": "10.0.0.1", "forwarded": "198.51.100.7", "real_ip": "203.0.113.9"}, "203.0.113.9"),
        ({"remote": "203.0.113.7"}, "203.0.113.7"),
    ],
)
def test_the_client_is_chosen_among_headers(values: dict[str, str], client: str) -> None:
    found = find_client(values)
    assert found is not None
    assert found.text == client


@table(
    ("request", "parts"),
    [
        ("GET /a HTTP/1.1", ("GET", "/a")),
        ("get /a b HTTP/2.0", ("GET", "/a b")),
        ("GET /old", ("GET", "/old")),
        ("-", ("", "")),
        ("", ("", "")),
        (r"\x16\x03 x HTTP/1.1", ("", "")),
        ("GET  HTTP/1.1", ("", "")),
    ],
)
def test_a_request_line_is_split(request: str, parts: tuple[str, str]) -> None:
    assert split_request(request) == parts


@table(
    ("text", "read"),
    [
        (r"a\"b\\c", 'a"b\\c'),
        (r"caf\xc3\xa9", "café"),
        (r"\xe9", "é"),  # not UTF-8
        (r"a\nb", "a b"),
        ("a\tb", "a b"),
        ("plain", "plain"),
    ],
)
def test_escapes_are_decoded(text: str, read: str) -> None:
    assert unescape(text) == read


def test_control_characters_become_spaces() -> None:
    assert replace_controls("a\x00b\x9fc") == "a b c"

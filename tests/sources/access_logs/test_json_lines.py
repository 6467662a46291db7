"""Access logs with one JSON object per line, of many programs."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.access_logs.json_lines import JsonReader, is_request
from sources.access_logs.request import LogLine, Unreadable

AT_MS = 1_795_856_401_000
AGENT = "Mozilla/5.0 (X11; Linux)"
NGINX: dict[str, object] = {
    "time_iso8601": "2026-11-28T09:00:01+00:00",
    "remote_addr": "10.0.0.1",
    "remote_user": "",
    "request": "GET /a?b=c HTTP/1.1",
    "status": "200",
    "body_bytes_sent": "512",
    "http_referer": "https://www.google.com/",
    "http_user_agent": AGENT,
    "http_x_forwarded_for": "198.51.100.7",
    "host": "www.shop.example",
}
CADDY: dict[str, object] = {
    "level": "info",
    "ts": 1795856401.0,
    "logger": "http.log.access.log0",
    "msg": "handled request",
    "request": {
        "remote_ip": "10.0.0.1",
        "remote_port": "41342",
        "client_ip": "198.51.100.7",
        "proto": "HTTP/2.0",
        "method": "GET",
        "host": "www.shop.example",
        "uri": "/a?b=c",
        "headers": {"User-Agent": [AGENT], "Referer": ["https://www.google.com/"]},
    },
    "bytes_read": 0,
    "user_id": "",
    "duration": 0.0009,
    "size": 512,
    "status": 200,
    "resp_headers": {"Content-Type": ["text/html; charset=utf-8"]},
}
TRAEFIK: dict[str, object] = {
    "ClientAddr": "198.51.100.7:51001",
    "ClientHost": "198.51.100.7",
    "ClientUsername": "-",
    "DownstreamContentSize": 512,
    "DownstreamStatus": 200,
    "RequestHost": "www.shop.example",
    "RequestMethod": "GET",
    "RequestPath": "/a?b=c",
    "StartUTC": "2026-11-28T09:00:01Z",
    "request_User-Agent": AGENT,
    "request_Referer": "https://www.google.com/",
    "level": "info",
    "msg": "",
    "time": "2026-11-28T09:00:02Z",
}
ENVOY: dict[str, object] = {
    "start_time": "2026-11-28T09:00:01.000Z",
    "method": "GET",
    "path": "/a?b=c",
    "protocol": "HTTP/2",
    "response_code": 200,
    "bytes_received": 0,
    "bytes_sent": 512,
    "duration": 3,
    "x_forwarded_for": "198.51.100.7",
    "user_agent": AGENT,
    "authority": "www.shop.example",
    "downstream_remote_address": "10.0.0.1:51001",
    "referer": "https://www.google.com/",
}
CLOUDFLARE: dict[str, object] = {
    "ClientIP": "198.51.100.7",
    "ClientRequestHost": "www.shop.example",
    "ClientRequestMethod": "GET",
    "ClientRequestURI": "/a?b=c",
    "EdgeResponseStatus": 200,
    "EdgeResponseBytes": 512,
    "EdgeStartTimestamp": 1795856401000000000,
    "ClientRequestUserAgent": AGENT,
    "ClientRequestReferer": "https://www.google.com/",
}
GOOGLE: dict[str, object] = {
    "timestamp": "2026-11-28T09:00:01Z",
    "httpRequest": {
        "requestMethod": "GET",
        "requestUrl": "https://www.shop.example/a?b=c",
        "status": 200,
        "responseSize": "512",
        "userAgent": AGENT,
        "remoteIp": "198.51.100.7",
        "referer": "https://www.google.com/",
    },
}
ECS: dict[str, object] = {
    "@timestamp": "2026-11-28T09:00:01Z",
    "source": {"address": "198.51.100.7"},
    "http": {
        "request": {"method": "GET", "referrer": "https://www.google.com/"},
        "response": {"status_code": 200, "body": {"bytes": 512}},
    },
    "url": {"original": "/a?b=c", "domain": "www.shop.example"},
    "user_agent": {"original": AGENT},
    "host": {"name": "web1"},
}
AZURE: dict[str, object] = {
    "time": "2026-11-28T09:00:01Z",
    "category": "ApplicationGatewayAccessLog",
    "properties": {
        "clientIP": "198.51.100.7",
        "httpMethod": "GET",
        "requestUri": "/a",
        "requestQuery": "b=c",
        "userAgent": AGENT,
        "httpStatus": 200,
        "sentBytes": 512,
        "originalHost": "www.shop.example",
        "referer": "https://www.google.com/",
    },
}
CLOUDFRONT: dict[str, object] = {
    "date": "2026-11-28",
    "time": "09:00:01",
    "x-edge-location": "FRA56-C1",
    "sc-bytes": "512",
    "c-ip": "198.51.100.7",
    "cs-method": "GET",
    "cs(Host)": "d111.cloudfront.net",
    "cs-uri-stem": "/a",
    "cs-uri-query": "b=c",
    "sc-status": "200",
    "cs(Referer)": "https://www.google.com/",
    "cs(User-Agent)": AGENT.replace(" ", "%20"),
    "x-host-header": "www.shop.example",
    "x-forwarded-for": "-",
}
FLUENTD: dict[str, object] = {
    "time": "28/Nov/2026:09:00:01 +0000",
    "host": "198.51.100.7",
    "user": "-",
    "method": "GET",
    "path": "/a?b=c",
    "code": "200",
    "size": "512",
    "referer": "https://www.google.com/",
    "agent": AGENT,
}
ALL = {
    "nginx": NGINX,
    "caddy": CADDY,
    "traefik": TRAEFIK,
    "envoy": ENVOY,
    "cloudflare": CLOUDFLARE,
    "google": GOOGLE,
    "ecs": ECS,
    "azure": AZURE,
    "fluentd": FLUENTD,
    "cloudfront": CLOUDFRONT,
}


def read(held: object) -> LogLine | Unreadable:
    return JsonReader().read(json.dumps(held), True)


@pytest.mark.parametrize("program", ALL)
def test_a_request_of_each_program_is_read(program: str) -> None:
    found = read(ALL[program])
    assert isinstance(found, LogLine), found
    assert (found.host, found.at_ms, found.method, found.status, found.size_bytes) == (
        "198.51.100.7",
        AT_MS,
        "GET",
        200,
        512,
    )
    assert found.target in ("/a?b=c", "https://www.shop.example/a?b=c")
    assert found.virtual_host in ("www.shop.example", "")
    assert (found.referrer, found.user_agent) == ("https://www.google.com/", AGENT)


@pytest.mark.parametrize(
    ("changes", "field", "value"),
    [
        ({"http_x_real_ip": "203.0.113.5"}, "host", "203.0.113.5"),
        ({"http_x_forwarded_for": "-"}, "host", "10.0.0.1"),
        ({"request": "-"}, "target", ""),
        ({"remote_user": "ada"}, "user", "ada"),
        ({"http_user_agent": "-"}, "user_agent", ""),
        ({"sent_http_content_type": "text/html"}, "media_type", "text/html"),
        ({"time_iso8601": None, "msec": "1795856401.250"}, "at_ms", AT_MS + 250),
        ({"time_iso8601": None, "time_local": "28/Nov/2026:09:00:01 +0000"}, "at_ms", AT_MS),
    ],
)
def test_variables_of_nginx_are_read(changes: dict[str, object], field: str, value: object) -> None:
    found = read(NGINX | changes)
    assert isinstance(found, LogLine), found
    assert getattr(found, field) == value


def test_unescaped_lines_of_nginx_are_read() -> None:
    text = json.dumps(NGINX).replace("X11; Linux", r"\x22X\xC3\xA9\x22")
    found = JsonReader().read(text, True)
    assert isinstance(found, LogLine), found
    assert found.user_agent == 'Mozilla/5.0 ("Xé")'


@pytest.mark.parametrize(
    ("held", "reason"),
    [
        ([1], "not_a_log_line"),
        ({"level": "info", "msg": "started", "ts": 1795856401.0}, "not_a_log_line"),
        (NGINX | {"status": None}, "not_a_log_line"),
        (NGINX | {"status": "ok"}, "bad_field"),
        (NGINX | {"time_iso8601": "2026-11-28T09:00:01"}, "bad_time"),
        (NGINX | {"remote_addr": "unix:", "http_x_forwarded_for": "-"}, "no_client"),
    ],
)
def test_objects_without_a_request_are_rejected(held: object, reason: str) -> None:
    found = read(held)
    assert isinstance(found, Unreadable)
    assert found.reason == reason


@pytest.mark.parametrize(
    ("text", "reason"),
    [("{", "cut_short"), ('{"a": ', "cut_short"), ("{]}", "not_a_log_line"), ("x", "not_a_log_line")],
)
def test_text_that_is_no_object_is_rejected(text: str, reason: str) -> None:
    found = JsonReader().read(text, True)
    assert isinstance(found, Unreadable)
    assert found.reason == reason


def test_deeply_nested_objects_are_rejected() -> None:
    assert isinstance(JsonReader().read('{"a":' * 5_000 + "1" + "}" * 5_000, True), Unreadable)


def test_a_request_is_recognised_by_its_keys() -> None:
    assert is_request(json.dumps(NGINX))
    assert not is_request('{"log": "a line", "stream": "stdout"}')


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text() | st.integers(),
        lambda one: (
            st.lists(one)
            | st.dictionaries(st.sampled_from(["request", "status", "ts", "uri", "headers", "remote_ip"]), one)
        ),
    )
)
def test_any_value_gives_a_result(held: object) -> None:
    assert isinstance(read(held), LogLine | Unreadable)

"""The W3C's extended format, as IIS, Tomcat and CloudFront write it."""

import pytest

from sources.access_logs.request import LogLine, Unreadable
from sources.access_logs.w3c import W3cReader

IIS = (
    "#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer) "
    "sc-status sc-bytes time-taken"
)
IIS_LINE = (
    "2026-11-28 09:00:01 10.0.0.2 GET /pricing utm_source=news 443 - 198.51.100.95 "
    "Mozilla/5.0+(X11;+Linux+x86_64) https://www.google.com/ 200 512 12"
)
AT_MS = 1_795_856_401_000
CLOUDFRONT = (
    "#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer) "
    "cs(User-Agent) cs-uri-query cs(Cookie) x-edge-result-type x-edge-request-id x-host-header cs-protocol cs-bytes "
    "time-taken x-forwarded-for ssl-protocol ssl-cipher sc-content-type"
)


def edge_line(**changes: str) -> str:
    values = {
        "date": "2026-11-28", "time": "09:00:01", "place": "FRA56-C1", "bytes": "512", "ip": "198.51.100.95",
        "method": "GET", "host": "d111.cloudfront.net", "stem": "/pricing", "status": "200", "referrer": "-",
        "agent": "Mozilla/5.0%20(X11;%20Linux)", "query": "a=b", "cookie": "-", "result": "Hit", "id": "abc==",
        "header": "www.shop.example", "protocol": "https", "sent": "100", "taken": "0.001", "forwarded": "-",
        "ssl": "TLSv1.3", "cipher": "TLS_AES_128", "type": "text/html",
    }  # fmt: skip
    return "\t".join((values | changes).values())


def read(*lines: str) -> LogLine | Unreadable | None:
    """Return the result of the last line."""
    reader = W3cReader()
    return [reader.read(line, True) for line in lines][-1]


def request(*lines: str) -> LogLine:
    found = read(*lines)
    assert isinstance(found, LogLine), found
    return found


def test_a_line_of_iis_is_read() -> None:
    assert request(IIS, IIS_LINE) == LogLine(
        "198.51.100.95", "", AT_MS, "GET", "/pricing?utm_source=news", 200, 512, "https://www.google.com/",
        "Mozilla/5.0 (X11; Linux x86_64)",
    )  # fmt: skip


def test_directives_are_no_requests() -> None:
    directives = ["#Software: Microsoft Internet Information Services 10.0", "#Version: 1.0", "#Date: 2026-11-28", IIS]
    assert [read(one) for one in directives] == [None] * 4


def test_columns_may_change_within_a_file() -> None:
    changed = "#Fields: date time c-ip cs-method cs-uri-stem sc-status"
    found = request(IIS, IIS_LINE, changed, "2026-11-28 09:00:02 198.51.100.96 GET /faq 200")
    assert (found.host, found.target, found.user_agent) == ("198.51.100.96", "/faq", None)


@pytest.mark.parametrize(
    ("change", "field", "value"),
    [
        (("198.51.100.95", "2001:DB8::1%11"), "host", "2001:db8::1"),
        ((" - 198", " SHOP\\ada 198"), "user", "SHOP\\ada"),
        (("utm_source=news", "-"), "target", "/pricing"),
        (("X11;+Linux+x86_64", "compatible;++http://a.example/b"), "user_agent", "Mozilla/5.0 (compatible; +http://a.example/b)"),
        (("https://www.google.com/", "-"), "referrer", ""),
        (("200 512 12", "404 - 12"), "size_bytes", None),
        (("200 512 12", "0 0 12"), "status", 0),
    ],
)  # fmt: skip
def test_fields_of_iis_are_decoded(change: tuple[str, str], field: str, value: object) -> None:
    assert getattr(request(IIS, IIS_LINE.replace(*change)), field) == value


@pytest.mark.parametrize(
    ("listed", "client"),
    [
        ("-", "198.51.100.95"),
        ("203.0.113.5", "203.0.113.5"),
        ("203.0.113.5:33453,+172.16.0.1:49770", "203.0.113.5"),  # Azure Application Gateway before IIS
    ],
)
def test_the_client_of_iis_behind_a_load_balancer_is_read(listed: str, client: str) -> None:
    assert request(IIS + " X-Forwarded-For", f"{IIS_LINE} {listed}").host == client


def test_quoted_values_of_tomcat_are_read() -> None:
    fields = "#Fields: date time c-ip cs-method cs-uri sc-status bytes cs(User-Agent) cs(Referer)"
    found = request(fields, '2026-11-28 09:00:01 198.51.100.95 GET /a?b=c 200 5 "Mozilla/5.0 ""X"" (X11)" "-"')
    assert (found.target, found.user_agent, found.size_bytes) == ("/a?b=c", 'Mozilla/5.0 "X" (X11)', 5)


@pytest.mark.parametrize(
    ("changes", "field", "value"),
    [
        ({}, "host", "198.51.100.95"),
        ({}, "target", "/pricing?a=b"),
        ({}, "virtual_host", "www.shop.example"),
        ({}, "user_agent", "Mozilla/5.0 (X11; Linux)"),
        ({}, "media_type", "text/html"),
        ({"agent": "Mozilla/5.0%2520(X11;%2520Linux)"}, "user_agent", "Mozilla/5.0 (X11; Linux)"),
        ({"stem": "/caf%25C3%25A9"}, "target", "/caf%C3%A9?a=b"),
        ({"stem": "/caf%C3%A9", "query": "-"}, "target", "/caf%C3%A9"),
        ({"query": "q=red%2520shoes"}, "target", "/pricing?q=red%20shoes"),
        ({"forwarded": "203.0.113.5"}, "host", "203.0.113.5"),
        ({"forwarded": "192.168.1.5,%20203.0.113.5"}, "host", "203.0.113.5"),
        ({"ip": "2001:DB8:0:0::1"}, "host", "2001:db8::1"),
        ({"status": "000"}, "status", 0),
    ],
)
def test_fields_of_cloudfront_are_decoded(changes: dict[str, str], field: str, value: object) -> None:
    assert getattr(request(CLOUDFRONT, edge_line(**changes)), field) == value


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ([IIS_LINE], "not_a_log_line"),
        (["# a remark of somebody"], "not_a_log_line"),
        (["#Fields: time c-ip cs-uri-stem sc-status", "09:00:01 198.51.100.95 /a 200"], "not_a_log_line"),
        (["#Fields: date time cs-uri-stem sc-status", "2026-11-28 09:00:01 /a 200"], "not_a_log_line"),
        ([IIS, IIS_LINE.rsplit(" ", 1)[0]], "cut_short"),
        ([IIS, IIS_LINE + " more"], "not_a_log_line"),
        ([IIS, IIS_LINE.replace("09:00:01", "25:00:01")], "bad_time"),
        ([IIS, IIS_LINE.replace("198.51.100.95", "-")], "no_client"),
        ([IIS, IIS_LINE.replace(" 200 ", " ok ")], "bad_field"),
        ([IIS, IIS_LINE.replace(" 512 ", " many ")], "bad_field"),
        ([CLOUDFRONT, edge_line().replace("\t", " ")], "cut_short"),
    ],
)
def test_lines_without_a_request_are_rejected(lines: list[str], reason: str) -> None:
    found = read(*lines)
    assert isinstance(found, Unreadable)
    assert found.reason == reason


def test_the_rejection_names_a_missing_column() -> None:
    found = read("#Fields: time cs-uri-stem sc-status", "09:00:01 /a 200")
    assert isinstance(found, Unreadable)
    assert found.detail == "its #Fields line names no date, c-ip"


def test_a_last_value_without_a_line_end_is_cut_short() -> None:
    reader = W3cReader()
    reader.read("#Fields: date time c-ip cs-uri-stem sc-status sc-bytes", True)
    assert isinstance(reader.read("2026-11-28 09:00:01 198.51.100.95 /a 200 51", False), Unreadable)

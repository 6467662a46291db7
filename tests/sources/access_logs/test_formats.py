"""Each format reads its own lines and rejects those of others."""

import pytest

from sources.access_logs.formats import FORMATS, FileReader, find_format
from sources.access_logs.request import LONGEST_LINE_BYTES, LogLine, Unreadable
from tests.tables import table

TIME = "28/Nov/2026:09:00:01 +0000"
REST = f'[{TIME}] "GET /a?b=c HTTP/1.1" 200 512'
AGENT = '"-" "Mozilla/5.0 (X11)"'
CLF = f"198.51.100.7 - - {REST}"
EXAMPLES = {
    "common": CLF,
    "combined": f"{CLF} {AGENT}",
    "vhost_common": f"www.shop.example:443 {CLF}",
    "vhost_combined": f"www.shop.example:443 {CLF} {AGENT}",
    "nginx-main": f'10.0.0.1 - - {REST} {AGENT} "198.51.100.7"',
    "traefik": f'{CLF} {AGENT} 17 "shop@docker" "http://10.0.0.3:80" 3ms',
    "json": (
        '{"remote_addr": "198.51.100.7", "time_iso8601": "2026-11-28T09:00:01Z", "request": "GET /a?b=c HTTP/1.1", '
        '"status": 200, "body_bytes_sent": 512, "http_user_agent": "Mozilla/5.0 (X11)"}'
    ),
    "alb": (
        "https 2026-11-28T09:00:01.000000Z app/shop/50dc6c495c0c9188 198.51.100.7:2817 10.0.0.1:80 0.000 0.001 0.000 "
        '200 200 34 512 "GET https://www.shop.example:443/a?b=c HTTP/1.1" "Mozilla/5.0 (X11)" ECDHE TLSv1.2 '
        'arn:aws:elasticloadbalancing:us-east-2:123456789012:targetgroup/t/73e2 "Root=1-58337262" "-" "-" 0 '
        '2026-11-28T09:00:00.999000Z "forward" "-" "-" "10.0.0.1:80" "200" "-" "-"'
    ),
    "elb": (
        "2026-11-28T09:00:01.000000Z shop 198.51.100.7:2817 10.0.0.1:80 0.000073 0.001048 0.000057 200 200 0 512 "
        '"GET https://www.shop.example:443/a?b=c HTTP/1.1" "Mozilla/5.0 (X11)" - -'
    ),
    "envoy": (
        '[2026-11-28T09:00:01.000Z] "GET /a?b=c HTTP/2" 200 - 0 512 226 100 "198.51.100.7, 10.0.0.1" '
        '"Mozilla/5.0 (X11)" "cc21d9b0-cf5c-432b-8c7e-98aeb7988cd2" "www.shop.example" "tcp://10.0.2.1:80"'
    ),
    "s3": (
        f"79a59df900b949e5 shop [{TIME}] 198.51.100.7 - 3E57427F3EXAMPLE WEBSITE.GET.OBJECT a "
        '"GET /a?b=c HTTP/1.1" 200 - 512 512 41 28 "-" "Mozilla/5.0 (X11)" - host-id SigV4 - - - TLSv1.2 - -'
    ),
}
W3C = {
    "w3c": "#Fields: date time c-ip cs-method cs-uri sc-status bytes cs(User-Agent)\n"
    '2026-11-28 09:00:01 198.51.100.7 GET /a?b=c 200 512 "Mozilla/5.0 (X11)"',
    "iis": "#Software: Microsoft Internet Information Services 10.0\n"
    "#Fields: date time c-ip cs-method cs-uri-stem cs-uri-query sc-status sc-bytes cs(User-Agent)\n"
    "2026-11-28 09:00:01 198.51.100.7 GET /a b=c 200 512 Mozilla/5.0+(X11)",
    "cloudfront": "#Version: 1.0\n"
    "#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(User-Agent) "
    "cs-uri-query\n"
    "2026-11-28\t09:00:01\tFRA56-C1\t512\t198.51.100.7\tGET\td111.cloudfront.net\t/a\t200\tMozilla/5.0%20(X11)\tb=c",
}
ALL = EXAMPLES | W3C


def read(name: str, text: str) -> LogLine | Unreadable | None:
    """Return the result of the last line."""
    reader = FileReader(find_format(name))
    return [reader.read(line.encode() + b"\n") for line in text.split("\n")][-1]


def test_every_format_has_an_example() -> None:
    assert set(ALL) == set(FORMATS)


@pytest.mark.parametrize("name", ALL)
def test_each_format_reads_its_example(name: str) -> None:
    found = read(name, ALL[name])
    assert isinstance(found, LogLine), found
    assert (found.host, found.at_ms, found.status, found.size_bytes) == ("198.51.100.7", 1_795_856_401_000, 200, 512)
    assert found.target in ("/a?b=c", "https://www.shop.example:443/a?b=c")
    assert found.user_agent in (None, "Mozilla/5.0 (X11)")


SAME_READER = [{"w3c", "iis", "cloudfront"}]
ALSO = {("combined", "nginx-main"), ("combined", "traefik"), ("nginx-main", "combined"), ("nginx-main", "traefik")}
ALSO |= {("traefik", "combined"), ("traefik", "nginx-main")}


@table("given", ALL)
@table("name", ALL)
def test_a_line_in_another_format_is_rejected_as_a_whole(given: str, name: str) -> None:
    # The formats in ALSO share their fields up to the user agent, and the fields after it are ignored.
    same = given == name or (given, name) in ALSO or any({given, name} <= one for one in SAME_READER)
    found = read(given, ALL[name])
    if same:
        assert isinstance(found, LogLine)
    else:
        assert isinstance(found, Unreadable), found
        assert found.reason in ("not_a_log_line", "other_format", "cut_short", "bad_time")


@pytest.mark.parametrize(
    "before",
    [b"\0" * 8, b"\0" * 4096, b"\xef\xbb\xbf", b"\xef\xbb\xbf" + b"\0" * 3],
    ids=["zeros", "block", "bom", "both"],
)
def test_zero_bytes_and_a_byte_order_mark_before_a_line_are_dropped(before: bytes) -> None:
    plain = EXAMPLES["combined"].encode() + b"\n"
    read_plain = FileReader(FORMATS["combined"]).read(plain)
    assert isinstance(read_plain, LogLine)
    assert FileReader(FORMATS["combined"]).read(before + plain) == read_plain


def test_a_long_line_is_rejected() -> None:
    found = FileReader(FORMATS["json"]).read(b"{" * (LONGEST_LINE_BYTES + 1))
    assert isinstance(found, Unreadable)
    assert found.reason == "too_long"


def test_formats_are_found_by_name_and_by_pattern() -> None:
    names = ["Combined", "vhost-combined", "VHOST_COMBINED", "main", "nginx main", "Caddy"]
    found = [find_format(one).name for one in names]
    assert found == ["combined", "vhost_combined", "vhost_combined", "nginx-main", "nginx-main", "json"]
    assert find_format('%h %t "%r" %>s').name == "a pattern"
    with pytest.raises(ValueError, match="there is no format 'apache'"):
        find_format("apache")
    with pytest.raises(ValueError, match="no field for a client"):
        find_format('%t "%r" %>s')


def test_the_message_about_haproxy_names_its_option() -> None:
    line = (
        "haproxy[14389]: 10.0.1.2:33317 [28/Nov/2026:12:14:14.655] http-in static/srv1 10/0/30/69/109 200 2750 - - ----"
    )
    found = read("combined", line)
    assert isinstance(found, Unreadable)
    assert "option httplog clf" in found.detail

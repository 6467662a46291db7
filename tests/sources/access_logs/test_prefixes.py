"""Prefixes and wrappers of log shippers."""

import json

import pytest

from sources.access_logs.formats import FORMATS, FileReader
from sources.access_logs.prefixes import strip_prefix, strip_prefixes
from sources.access_logs.request import LogLine
from tests.tables import table

LINE = '198.51.100.7 - - [28/Nov/2026:10:00:00 +0000] "GET /a HTTP/1.1" 200 512 "-" "Mozilla/5.0 (X11) A: b"'
PREFIXES = [
    "<190>Nov 28 10:00:00 web1 nginx: ",
    "<190>Nov  8 10:00:00 nginx: ",
    "Nov 28 10:00:00 web1 nginx[1234]: ",
    "Nov 28 10:00:00 web1.shop.example httpd: ",
    "Nov 28 10:00:00 2001:db8::9 nginx: ",
    "Nov 28 2026 10:00:00 web1 nginx: ",
    "Nov 28 10:00:00.123456 web1 nginx[1]: ",
    "<134>1 2026-11-28T10:00:00.123456+00:00 web1 nginx 123 - - ",
    "<134>1 2026-11-28T10:00:00Z web1 nginx - access [meta seq=\"1\" x=\"a \\\" ]b\"][b@1 c=\"d\"] ",
    "<134>1 - - - - - - \ufeff",
    "2026-11-28T10:00:00.123456+00:00 web1 nginx: ",
    "2026-11-28T10:00:00+0000 web1 nginx[123]: ",
    "2026-11-28T10:00:00.000000+00:00 app[web.1]: ",
    "2026-11-28T10:00:00.123456789Z stdout F ",
    "2026-11-28T10:00:00.123456789Z ",
    "[pod/web-5d9c7b-abcde/nginx] ",
    "web-1  | ",
    "web-1  | 2026-11-28T10:00:00.123456789Z ",
    "shop_web.1.k2jd8@node-3    | ",
    "nginx: ",
    "httpd[77]: ",
]  # fmt: skip


@table("prefix", PREFIXES)
def test_a_prefix_does_not_change_the_request(prefix: str) -> None:
    plain = FileReader(FORMATS["combined"]).read(LINE.encode() + b"\n")
    assert isinstance(plain, LogLine)
    assert FileReader(FORMATS["combined"]).read((prefix + LINE).encode() + b"\n") == plain


@pytest.mark.parametrize("key", ["log", "message", "MESSAGE"])
def test_a_json_wrapper_does_not_change_the_request(key: str) -> None:
    held = json.dumps({key: LINE + "\n", "stream": "stdout", "time": "2026-11-28T10:00:00.1Z"})
    plain = FileReader(FORMATS["combined"]).read(LINE.encode() + b"\n")
    assert FileReader(FORMATS["combined"]).read(held.encode() + b"\n") == plain


@pytest.mark.parametrize(
    "text",
    [LINE, "", "{", "{}", '{"log": 1}', "[1]", "2001:db8::1 - - [", "GET /a: b HTTP/1.1", "www.x.example:443 1.2.3.4"],
)
def test_a_line_without_a_prefix_is_not_changed(text: str) -> None:
    assert strip_prefix(text) is None


def test_the_number_of_nested_prefixes_is_limited() -> None:
    assert len(strip_prefixes("a: " * 9)) == 3


def test_a_line_of_another_program_is_rejected() -> None:
    found = FileReader(FORMATS["combined"]).read(b"Nov 28 10:00:00 web1 sshd[9]: Accepted publickey for ada\n")
    assert getattr(found, "reason", "") == "not_a_log_line"

"""The time for a line is linear in its length, whatever it contains. A quadratic reader takes seconds for these."""

import time
from collections.abc import Callable

import pytest

from sources.access_logs.formats import FORMATS, FileReader, find_format
from sources.access_logs.importer import AccessLogOptions, read_access_log
from sources.access_logs.page_paths import is_page_path
from sources.access_logs.request import LONGEST_LINE_BYTES
from sources.access_logs.shapes import read_shape
from tests.tables import table

OPTIONS = AccessLogOptions("https://www.shop.example", b"a key of the test")
HEAD = "198.51.100.7 - - "
TIME = "[28/Nov/2026:09:00:01 +0000] "
FIELDS = "#Fields: date time c-ip cs-method cs-uri-stem sc-status cs(User-Agent)"
LONGEST = LONGEST_LINE_BYTES - 1_024
SHORT = 1_024

EVIL: dict[str, Callable[[int], str]] = {
    "brackets": lambda n: "a b c" + " [" * (n // 2),
    "brackets before a request": lambda n: HEAD + "[ " * (n // 2) + '] "x',
    "closed brackets": lambda n: HEAD + "[x] " * (n // 4),
    "closed brackets and quotes": lambda n: HEAD + '[x] "' * (n // 5),
    "times": lambda n: HEAD + (TIME + '"GET / HTTP/1.1" 200 ') * (n // 50),
    "brackets in the request and a stray quote": lambda n: (
        HEAD + TIME + '"GET /' + " [" * (n // 2) + ' HTTP/1.1" 200 5 "-" "x"y"'
    ),
    "quotes": lambda n: HEAD + TIME + '"' * n,
    "escaped quotes": lambda n: HEAD + TIME + '"' + '\\"' * (n // 2) + '" 200 x',
    "backslashes": lambda n: HEAD + TIME + '"' + "\\" * n,
    "quotes behind the agent": lambda n: HEAD + TIME + '"GET / HTTP/1.1" 200 5 "-" "x" ' + '"\\"' * (n // 3),
    "open quotes behind the agent": lambda n: HEAD + TIME + '"GET / HTTP/1.1" 200 5 "-" "x" ' + ' "\\' * (n // 3),
    "spaces": lambda n: " " * n,
    "words": lambda n: "a " * (n // 2),
    "one word": lambda n: "a" * n,
    "digits": lambda n: "1" * n,
    "colons": lambda n: "a:" * (n // 2),
    "tags": lambda n: "a: " * (n // 3),
    "addresses": lambda n: "198.51.100.7, " * (n // 14) + "- - " + TIME + '"GET / HTTP/1.1" 200 5',
    "addresses without commas": lambda n: "198.51.100.7 " * (n // 13) + "- - " + TIME + '"GET / HTTP/1.1" 200 5',
    "hexadecimal": lambda n: "abcdef:" * (n // 7) + " [28/Nov/2026:",
    "structured data": lambda n: "<1>1 - a b c d " + '[x y="' * (n // 6),
    "open structured data": lambda n: "<1>1 - a b c d [" + '"\\' * (n // 2),
    "opened objects": lambda n: '{"a":' * (n // 5),
    "opened lists": lambda n: "[" * n,
    "object of escapes": lambda n: '{"log": "' + "\\x22" * (n // 4) + '"}',
    "zeros": lambda n: "\0" * n,
    "tabs": lambda n: "\t" * n,
    "doubled quotes": lambda n: ' ""x' * (n // 4),
    "encoded percent signs": lambda n: "2026-11-28 09:00:01 198.51.100.7 GET /" + "%25" * (n // 3) + " 200 x",
    "plus signs": lambda n: "2026-11-28 09:00:01 198.51.100.7 GET / 200 " + "+" * n,
    "bars": lambda n: "a | " * (n // 4),
}
READERS = [*FORMATS, '%v %{X-Forwarded-For}i %h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-agent}i"']


def cpu_s(read: Callable[[str], object], text: str) -> float:
    """Return the least CPU time of three runs."""
    times = []
    for _ in range(3):
        began = time.process_time()
        read(text)
        times.append(time.process_time() - began)
    return min(times)


def check(read: Callable[[str], object], evil: Callable[[int], str]) -> None:
    """Check that a line 64 times as long takes at most 1,000 times as long; quadratic time would be 4,096 times."""
    assert len(evil(LONGEST).encode()) < LONGEST_LINE_BYTES, "a longer line is refused unread"
    short_s = max(cpu_s(read, evil(SHORT)), 1e-4)
    assert cpu_s(read, evil(LONGEST)) < 1_000 * short_s


@pytest.mark.slow
@table("evil", EVIL.values())
@table("name", READERS)
def test_reading_a_line_of_any_format_is_linear(name: str, evil: Callable[[int], str]) -> None:
    reader = FileReader(find_format(name))
    reader.read(FIELDS.encode() + b"\n")
    check(lambda text: reader.read(text.encode() + b"\n"), evil)


@table("evil", EVIL.values())
def test_reading_the_shape_of_a_line_is_linear(evil: Callable[[int], str]) -> None:
    check(read_shape, evil)


@table(
    "part",
    ["a", "/", ".", ".xml", ":", "?", "&q=", "%", "%25", "+", "#", "[", "@", "\\", "\\xff", "ü", "://", ".js", "-1.2"],
)
@table("place", ["/{}", "/sitemap{}", "/?q={}", "/wiki/{}.js", "https://www.shop.example{}", "http://{}", "{}"])
def test_importing_a_target_and_a_referrer_is_linear(place: str, part: str) -> None:
    def read(text: str) -> object:
        line = f'{HEAD}{TIME}"GET {text} HTTP/1.1" 200 5 "{text}" "x"\n'.encode()
        assert len(line) < LONGEST_LINE_BYTES, "a longer line is refused unread"
        return list(read_access_log([line], OPTIONS))

    check(read, lambda n: place.format(part * (n // 2 // len(part.encode()))))


@pytest.mark.parametrize("part", ["-a1", ".1", "a.", "_", "%3A", "a:", "/a", "-aaaa", "1"])
def test_judging_the_path_of_a_page_is_linear(part: str) -> None:
    check(lambda text: is_page_path("/wiki/" + text + ".js", text, "js"), lambda n: part * (n // len(part)))

from dataclasses import replace
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.access_log import AccessLogOptions, read_access_log, visitor, web_url
from sources.outcomes import Emit, Outcome, RawTouch, Reject, Skip

OPTIONS = AccessLogOptions("https://www.example.com", b"a key of the test")
DAY_MS = 86_400_000


def line(
    target: str = "/",
    *,
    method: str = "GET",
    status: int = 200,
    referrer: str = "-",
    agent: str = "Mozilla/5.0",
    host: str = "203.0.113.7",
    user: str = "-",
) -> bytes:
    request = f"{method} {target} HTTP/1.1"
    text = f'{host} - {user} [17/May/2015:10:05:03 +0000] "{request}" {status} 512 "{referrer}" "{agent}"\n'
    return text.encode()


def outcomes(*lines: bytes, options: AccessLogOptions = OPTIONS) -> list[Outcome]:
    return list(read_access_log(lines, options))


def touch(one: bytes, options: AccessLogOptions = OPTIONS) -> RawTouch:
    (outcome,) = outcomes(one, options=options)
    assert isinstance(outcome, Emit), outcome
    assert outcome.channel == "visits"
    return outcome.touch


def test_a_touch() -> None:
    made = touch(line("/a?b=1", referrer="http://other.example/x y"))
    assert made == {
        "event_id": made["event_id"],
        "type": "page",
        "occurred_at": 1_431_857_103_000,
        "anonymous_id": made["anonymous_id"],
        "source": "access-log",
        "url": "https://www.example.com/a?b=1",
        "referrer": "http://other.example/x%20y",
        "user_agent": "Mozilla/5.0",
        "ip": "203.0.113.7",
        "properties": {"status": 200, "bytes": 512},
    }


@pytest.mark.parametrize(
    ("target", "url"),
    [
        ("/", "https://www.example.com/"),
        ("/a b", "https://www.example.com/a%20b"),
        ("/%20?q=%C3", "https://www.example.com/%20?q=%C3"),
        ("/ü", "https://www.example.com/%C3%BC"),
        ("//evil.example/a", "https://www.example.com//evil.example/a"),
        ("https://www.example.com/a", "https://www.example.com/a"),
        ("http://WWW.example.com", "https://www.example.com/"),
    ],
)
def test_urls(target: str, url: str) -> None:
    assert touch(line(target))["url"] == url


@pytest.mark.parametrize(
    ("one", "outcome"),
    [
        (line("/x.png"), Skip("asset")),
        (line("/x", status=404), Skip("error")),
        (line("http://other.example/"), Skip("foreign_host")),
        (line("other.example:443", method="CONNECT"), Skip("method")),
        (b"\r\n", Skip("blank")),
        (b'h - - [17/May/2015:10:05:03 +0000] "-" 408 0 "-" "-"\n', Skip("error")),
    ],
)
def test_skipped(one: bytes, outcome: Skip) -> None:
    assert outcomes(one) == [outcome]


@pytest.mark.parametrize(
    ("one", "reason"),
    [
        (b'h - - [17/May/2015:10:05:03 +0000] "-" 200 0 "-" "-"\n', "bad_request"),
        (line("/" + "a" * 9_000), "too_long"),
        (line()[:-3], "cut_short"),
        (b"what?\n", "not_a_log_line"),
    ],
)
def test_rejected(one: bytes, reason: str) -> None:
    good = line()
    before, outcome, after = outcomes(good, one, good)
    assert isinstance(outcome, Reject)
    assert (outcome.reason, outcome.line_no) == (reason, 2)
    assert isinstance(before, Emit)
    assert isinstance(after, Emit)


def test_a_common_line_among_combined_ones_is_half_a_line() -> None:
    common = b'h - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 5\n'
    assert [type(one) for one in outcomes(common, common)] == [Emit, Emit]
    assert [type(one) for one in outcomes(line(), common)] == [Emit, Reject]


@pytest.mark.parametrize(
    "referrer", ["android-app://com.example", "javascript:1", "/relative", "http://[bad/", "http:///x"]
)
def test_a_referrer_that_is_no_page_is_kept_apart(referrer: str) -> None:
    made = touch(line(referrer=referrer))
    assert "referrer" not in made
    assert made["properties"] == {"status": 200, "bytes": 512, "referrer": referrer}


def test_a_search_keeps_its_words_and_a_user_his_name() -> None:
    made = touch(line("/search?q=red+shoes", user="frank"))
    assert made["type"] == "search"
    assert made["properties"] == {"status": 200, "bytes": 512, "query": "red shoes", "user": "frank"}


def test_addresses_can_be_left_out_and_names_are_no_addresses() -> None:
    assert "ip" not in touch(line(), replace(OPTIONS, addresses=False))
    named = touch(line(host="crawler.example"))
    assert "ip" not in named
    assert named["properties"] == {"status": 200, "bytes": 512, "host": "crawler.example"}


def test_equal_lines_are_touches_of_their_own_and_the_same_in_the_next_import() -> None:
    lines = [line("/a"), line("/b"), line("/a"), line("/x.png"), line("/a")]
    first = [one.touch["event_id"] for one in outcomes(*lines) if isinstance(one, Emit)]
    assert len(set(first)) == 4
    again = [one.touch["event_id"] for one in outcomes(*lines, line("/a")) if isinstance(one, Emit)]
    assert again[:4] == first
    assert again[4] not in first


def test_ids_do_not_depend_on_options() -> None:
    other = AccessLogOptions("http://x.example", b"another key, longer", "ever", assets=True, addresses=False)
    assert touch(line("/a"))["event_id"] == touch(line("/a"), other)["event_id"]


@pytest.mark.parametrize(
    ("by", "later_ms", "same"), [("day", 1_000, True), ("day", DAY_MS, False), ("ever", 400 * DAY_MS, True)]
)
def test_visitors(by: Literal["day", "ever"], later_ms: int, same: bool) -> None:
    options = replace(OPTIONS, visitor_by=by)
    first = visitor("203.0.113.7", "Mozilla", 0, options)
    assert (visitor("203.0.113.7", "Mozilla", later_ms, options) == first) is same
    assert visitor("203.0.113.8", "Mozilla", 0, options) != first
    assert visitor("203.0.113.7", "Opera", 0, options) != first
    assert visitor("203.0.113.7", "Mozilla", 0, replace(options, visitor_key=b"another key, longer")) != first
    assert "203.0.113.7" not in first


@pytest.mark.parametrize(
    ("site", "key", "words"),
    [
        ("www.example.com", b"k" * 16, "https://www.example.com"),
        ("ftp://x.example", b"k" * 16, "https://www.example.com"),
        ("https://x.example", b"short", "16 to 64 bytes"),
        ("https://x.example", b"k" * 65, "16 to 64 bytes"),
    ],
)
def test_wrong_options_are_named(site: str, key: bytes, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        AccessLogOptions(site, key)


@given(st.text(max_size=80))
def test_web_url_of_any_text(text: str) -> None:
    made = web_url(text)
    assert made is None or (made.isascii() and made.isprintable() and " " not in made)


@given(st.lists(st.binary(max_size=120).map(lambda one: one.replace(b"\n", b"") + b"\n"), max_size=10))
def test_one_outcome_per_line_whatever_it_holds(lines: list[bytes]) -> None:
    assert len(outcomes(*lines)) == len(lines)


@given(st.text(max_size=50), st.text(max_size=50))
def test_hostile_requests_never_crash(target: str, referrer: str) -> None:
    (outcome,) = outcomes(line(target, referrer=referrer).replace(b"\n", b"") + b"\n")
    assert isinstance(outcome, Emit | Skip | Reject)

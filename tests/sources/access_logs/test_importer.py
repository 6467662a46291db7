import gzip
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.channels import CHANNELS
from sources.access_logs.detect import UncertainFormat
from sources.access_logs.importer import NOTES, AccessLogOptions, read_access_log, visitor, web_url
from sources.files import open_file
from sources.outcome import Emit, Outcome, RawTouch, Reject, Skip
from streams.enrichment.pipeline import came_from
from streams.enrichment.referrer import ReferrerClass

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
        ("https://www.example.com:443/abs", "https://www.example.com/abs"),
        ("HTTPS://www.example.com:443/abs?a=b", "https://www.example.com/abs?a=b"),
        ("http://www.example.com:80/abs", "https://www.example.com/abs"),
        ("https://www.example.com:/abs", "https://www.example.com/abs"),
        ("https://www.example.com./abs", "https://www.example.com/abs"),
        ("https://example.com/abs", "https://www.example.com/abs"),
        ("https://www.example.com?a=b", "https://www.example.com/?a=b"),
        ("https://blog.example.com/abs", "https://blog.example.com/abs"),
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
        (line("http://other.example/x.png?v=1"), Skip("asset")),
        (line("https://www.example.com:8443/"), Skip("foreign_host")),
        (line("http://www.example.com:443/"), Skip("foreign_host")),
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
        (line(host="unix:"), "no_client"),
        (line(host="www.example.com"), "no_client"),
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
    "referrer",
    [
        "android-app://com.google.android.gm/", "ios-app://544007664/", "javascript:1", "/relative", "http://[bad/",
        "http:///x", "about:blank", "http://münchen.example/", "https://user@mail.example/", "text of a stranger",
    ],
)  # fmt: skip
def test_a_referrer_is_kept_whatever_it_is(referrer: str) -> None:
    made = touch(line(referrer=referrer))
    assert made["referrer"] == referrer
    assert made["properties"] == {"status": 200, "bytes": 512}
    CHANNELS["visits"].model_validate(made)


def test_the_referrer_of_an_app_is_classified_as_one_that_comes_through_kafka() -> None:
    made = touch(line(referrer="android-app://com.google.android.gm/"))
    host, came = came_from(str(made["referrer"]), "www.example.com")
    assert (host, came.kind, came.name) == ("com.google.android.gm", ReferrerClass.MAIL, "gmail")


def test_a_referrer_that_is_too_long_for_its_field_is_kept_among_the_properties() -> None:
    long = "http://other.example/" + "a" * 9_000
    made = touch(line(referrer=long))
    assert "referrer" not in made
    assert made["properties"] == {"status": 200, "bytes": 512, "referrer": long}


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


def test_a_plain_copy_of_packed_parts_adds_nothing(tmp_path: Path) -> None:
    lines = [line("/a"), line("/b"), line("/a")]
    packed, plain = tmp_path / "access.log.gz", tmp_path / "access.log"
    packed.write_bytes(b"".join(map(gzip.compress, lines)))
    plain.write_bytes(b"".join(lines))
    read = []
    for path in (packed, plain):
        with open_file(str(path)) as file:
            read.append(list(read_access_log(file, OPTIONS)))
    assert read[0] == read[1]
    assert [one.touch["url"] for one in read[0] if isinstance(one, Emit)] == [
        f"https://www.example.com/{page}" for page in "aba"
    ]


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
    "spellings",
    [
        ["198.51.100.61:51001", "198.51.100.61:51002", "198.51.100.61", "::ffff:198.51.100.61"],
        ["2001:db8::1", "2001:DB8::1", "2001:0db8:0:0:0:0:0:1", "[2001:db8::1]:443", "2001:db8::1%eth0"],
        ["198.51.100.61, 10.0.0.1", "198.51.100.61", "198.51.100.61,203.0.113.9"],
        ["crawler.example", "Crawler.Example", "crawler.example."],
    ],
)
def test_one_client_in_several_spellings_is_one_visitor(spellings: list[str]) -> None:
    touches = [touch(line(host=one)) for one in spellings]
    assert len({one["anonymous_id"] for one in touches}) == 1
    assert len({one.get("ip") for one in touches}) == 1


def test_visitors_of_plain_addresses_stay_the_same() -> None:
    # Files that were imported before must make the same visitors when they are imported again.
    key = b"a key of the test"
    assert (
        visitor("203.0.113.7", "Mozilla/5.0", 1_431_857_103_000, AccessLogOptions("https://a.example", key))
        == (touch(line())["anonymous_id"])
    )
    assert touch(line())["anonymous_id"] == "d93cb62c8577dc04e5519da82"
    assert touch(line())["event_id"] == "c5cf66af07afb8995e5cc504082dee07"


def made_by(text: str, options: AccessLogOptions = OPTIONS) -> list[tuple[object, object]]:
    """(address, URL) of each touch of a file."""
    lines = [one.encode() + b"\n" for one in text.split("\n")]
    return [
        (one.touch.get("ip"), one.touch["url"]) for one in outcomes(*lines, options=options) if isinstance(one, Emit)
    ]


REQUEST = '[17/May/2015:10:05:03 +0000] "GET /a HTTP/1.1" 200 512 "-" "Mozilla/5.0"'


def test_two_clients_of_a_virtual_host_are_two_visitors() -> None:
    text = "\n".join(
        [
            f"www.example.com:443 198.51.100.11 - - {REQUEST}",
            f"www.example.com:443 198.51.100.22 - - {REQUEST}",
            f"blog.example.com:443 203.0.113.33 - - {REQUEST}",
            f"example.com:80 203.0.113.34 - - {REQUEST}",
            f"web1:443 203.0.113.35 - - {REQUEST}",
            f"_ 203.0.113.36 - - {REQUEST}",
        ]
    )
    assert made_by(text) == [
        ("198.51.100.11", "https://www.example.com/a"),
        ("198.51.100.22", "https://www.example.com/a"),
        ("203.0.113.33", "https://blog.example.com/a"),
        ("203.0.113.34", "https://www.example.com/a"),
        ("203.0.113.36", "https://www.example.com/a"),
    ]
    assert ("203.0.113.35", "https://www.example.com/a") in made_by(text, replace(OPTIONS, aliases=("web1",)))
    (other,) = outcomes(f"web1:443 203.0.113.35 - - {REQUEST}\n".encode())
    assert other == Skip("other_site")


def test_two_clients_behind_a_balancer_are_two_visitors() -> None:
    lines = [f'10.0.0.1 - - {REQUEST} "{one}"\n'.encode() for one in ("198.51.100.41", "198.51.100.42, 10.0.0.9")]
    touches = [one.touch for one in outcomes(*lines) if isinstance(one, Emit)]
    assert [one["ip"] for one in touches] == ["198.51.100.41", "198.51.100.42"]
    assert len({one["anonymous_id"] for one in touches}) == 2


def test_pages_of_other_hosts_are_not_the_sites_where_the_host_is_behind_the_client() -> None:
    lines = [
        line().replace(b" - - [", b" " + host + b" - [")
        for host in (b"www.example.com", b"blog.example.com", b"x.example")
    ]
    *own, other = outcomes(*lines)
    assert [one.touch["url"] for one in own if isinstance(one, Emit)] == [
        "https://www.example.com/",
        "https://blog.example.com/",
    ]
    assert other == Skip("other_site")


def test_zeros_before_a_line_are_no_part_of_the_address() -> None:
    assert touch(b"\0" * 64 + line())["ip"] == "203.0.113.7"
    assert touch(b"\0" * 64 + line())["anonymous_id"] == touch(line())["anonymous_id"]


def test_a_log_in_the_format_of_the_w3c() -> None:
    text = "#Fields: date time c-ip cs-method cs-uri-stem cs-uri-query sc-status cs(User-Agent)\n"
    text += "2015-05-17 10:05:03 203.0.113.7 GET /a b=1 200 Mozilla/5.0"
    assert made_by(text) == [("203.0.113.7", "https://www.example.com/a?b=1")]
    assert outcomes(text.split("\n")[0].encode() + b"\n") == [Skip("directive")]


@pytest.mark.parametrize(
    ("one", "notes"),
    [
        (line("/a"), ()),
        (line("/wiki/Node.js"), ("page_named_like_file",)),
        (line("/paper.pdf"), ()),
        (b'h - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 5\n', ("no_user_agent",)),
    ],
)
def test_what_is_noted_of_a_touch(one: bytes, notes: tuple[str, ...]) -> None:
    (outcome,) = outcomes(one)
    assert isinstance(outcome, Emit)
    assert outcome.notes == notes
    assert set(notes) <= set(NOTES)


def test_ids_and_visitors_do_not_depend_on_how_the_format_is_known() -> None:
    pattern = '%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-agent}i"'
    made = [touch(line("/a?b=1"), replace(OPTIONS, format=one)) for one in ("auto", "combined", "nginx-main", pattern)]
    assert made == [made[0]] * 4


def test_a_line_of_another_format_than_the_given_one_is_rejected() -> None:
    (outcome,) = outcomes(line(), options=replace(OPTIONS, format="vhost_combined"))
    assert isinstance(outcome, Reject)
    assert outcome.reason == "other_format"


def test_the_format_is_announced_before_the_first_outcome() -> None:
    said: list[str] = []
    list(read_access_log([line()], OPTIONS, said.append))
    list(read_access_log([line()], replace(OPTIONS, format="combined"), said.append))
    list(read_access_log([b"what?\n"], OPTIONS, said.append))
    assert said == [
        "combined (detected)",
        "combined (given)",
        "none that is known: name it with --format; lines of the combined format are read",
    ]


def test_a_file_of_two_formats_is_refused_before_its_first_line() -> None:
    reading = read_access_log([line(), line(host="www.example.com:443 198.51.100.7")], OPTIONS)
    with pytest.raises(UncertainFormat, match="combined, vhost_combined"):
        next(reading)


def test_wrong_formats_and_aliases_are_named() -> None:
    with pytest.raises(ValueError, match="there is no format 'apache'"):
        replace(OPTIONS, format="apache")
    with pytest.raises(ValueError, match="an alias must be the name of a host"):
        replace(OPTIONS, aliases=("https://a.example",))


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

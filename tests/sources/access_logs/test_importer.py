"""The importer of access logs: touches, skipped requests, rejected lines."""

import gzip
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.channels import CHANNELS
from sources.access_logs.importer import NOTES, AccessLogOptions, read_access_log, web_url
from sources.files import open_file
from sources.outcome import Emit, Reject, Skip
from streams.enrichment.pipeline import came_from
from streams.enrichment.referrer import ReferrerClass
from tests.sources.access_logs.importing import OPTIONS, line, outcomes, touch


def test_a_request_becomes_a_touch() -> None:
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
def test_the_url_of_a_touch_begins_with_the_site(target: str, url: str) -> None:
    assert touch(line(target))["url"] == url


def test_a_touch_has_the_given_tenant() -> None:
    assert touch(line(), replace(OPTIONS, tenant="shop-2"))["tenant"] == "shop-2"
    assert "tenant" not in touch(line())
    with pytest.raises(ValueError, match="a tenant must be 1 to 64 of"):
        replace(OPTIONS, tenant="Shop 2")


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
def test_requests_that_are_no_touches_are_skipped(one: bytes, outcome: Skip) -> None:
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
def test_lines_without_a_request_are_rejected(one: bytes, reason: str) -> None:
    good = line()
    before, outcome, after = outcomes(good, one, good)
    assert isinstance(outcome, Reject)
    assert (outcome.reason, outcome.line_no) == (reason, 2)
    assert isinstance(before, Emit)
    assert isinstance(after, Emit)


def test_a_common_line_among_combined_ones_is_cut_short() -> None:
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
def test_any_referrer_is_kept(referrer: str) -> None:
    made = touch(line(referrer=referrer))
    assert made["referrer"] == referrer
    assert made["properties"] == {"status": 200, "bytes": 512}
    CHANNELS["visits"].model_validate(made)


def test_the_referrer_of_an_app_is_classified_as_by_intake() -> None:
    made = touch(line(referrer="android-app://com.google.android.gm/"))
    host, came = came_from(str(made["referrer"]), "www.example.com")
    assert (host, came.kind, came.name) == ("com.google.android.gm", ReferrerClass.MAIL, "gmail")


def test_a_referrer_that_is_too_long_is_kept_as_a_property() -> None:
    long = "http://other.example/" + "a" * 9_000
    made = touch(line(referrer=long))
    assert "referrer" not in made
    assert made["properties"] == {"status": 200, "bytes": 512, "referrer": long}


def test_the_search_text_and_the_user_are_kept_as_properties() -> None:
    made = touch(line("/search?q=red+shoes", user="frank"))
    assert made["type"] == "search"
    assert made["properties"] == {"status": 200, "bytes": 512, "query": "red shoes", "user": "frank"}


def test_equal_lines_are_distinct_touches_with_stable_ids() -> None:
    lines = [line("/a"), line("/b"), line("/a"), line("/x.png"), line("/a")]
    first = [one.touch["event_id"] for one in outcomes(*lines) if isinstance(one, Emit)]
    assert len(set(first)) == 4
    again = [one.touch["event_id"] for one in outcomes(*lines, line("/a")) if isinstance(one, Emit)]
    assert again[:4] == first
    assert again[4] not in first


def test_a_plain_copy_of_a_gzip_file_has_the_same_ids(tmp_path: Path) -> None:
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
    ("one", "notes"),
    [
        (line("/a"), ()),
        (line("/wiki/Node.js"), ("page_named_like_file",)),
        (line("/paper.pdf"), ()),
        (b'h - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 5\n', ("no_user_agent",)),
    ],
)
def test_notes_of_a_touch(one: bytes, notes: tuple[str, ...]) -> None:
    (outcome,) = outcomes(one)
    assert isinstance(outcome, Emit)
    assert outcome.notes == notes
    assert set(notes) <= set(NOTES)


@pytest.mark.parametrize(
    ("site", "key", "words"),
    [
        ("www.example.com", b"k" * 16, "https://www.example.com"),
        ("ftp://x.example", b"k" * 16, "https://www.example.com"),
        ("https://x.example", b"short", "16 to 64 bytes"),
        ("https://x.example", b"k" * 65, "16 to 64 bytes"),
    ],
)
def test_wrong_options_raise_with_their_value(site: str, key: bytes, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        AccessLogOptions(site, key)


@given(st.text(max_size=80))
def test_web_url_returns_a_url_or_none_for_any_text(text: str) -> None:
    made = web_url(text)
    assert made is None or (made.isascii() and made.isprintable() and " " not in made)


@given(st.lists(st.binary(max_size=120).map(lambda one: one.replace(b"\n", b"") + b"\n"), max_size=10))
def test_any_line_has_one_outcome(lines: list[bytes]) -> None:
    assert len(outcomes(*lines)) == len(lines)


@given(st.text(max_size=50), st.text(max_size=50))
def test_hostile_requests_never_crash(target: str, referrer: str) -> None:
    (outcome,) = outcomes(line(target, referrer=referrer).replace(b"\n", b"") + b"\n")
    assert isinstance(outcome, Emit | Skip | Reject)

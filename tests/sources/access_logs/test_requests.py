"""Types of touches, and reasons for skipping requests."""

import pytest

from sources.access_logs.requests import SKIPS, path_kind, skip_reason, touch_type
from tests.tables import table


@table(
    ("method", "target", "status", "skip"),
    [
        ("GET", "/", 200, ""),
        ("GET", "/blog/a.html", 304, ""),
        ("POST", "/contact", 200, ""),
        ("POST", "/contact", 303, ""),
        ("POST", "/contact", 302, ""),
        ("POST", "/contact", 301, "redirect"),
        ("GET", "/contact", 302, "redirect"),
        ("GET", "/logo.PNG", 200, "asset"),
        ("GET", "/style.css?v=3", 304, "asset"),
        ("GET", "/favicon.ico", 404, "asset"),
        ("GET", "/a.b/page", 200, ""),
        ("GET", "/png", 200, ""),
        ("GET", "/robots.txt", 200, "machine_file"),
        ("GET", "/sitemap.xml", 200, "machine_file"),
        ("GET", "/sitemap-posts-1.xml.gz", 200, "machine_file"),
        ("GET", "/sitemap", 200, ""),
        ("GET", "/.well-known/security.txt", 200, "machine_file"),
        ("GET", "/?flav=rss20", 200, "feed"),
        ("GET", "/blog/?flav=atom", 200, "feed"),
        ("GET", "/?feed=rss2", 200, "feed"),
        ("GET", "/blog/feed/", 200, "feed"),
        ("GET", "/index.rss", 200, "feed"),
        ("GET", "/a?source=rss20", 200, ""),
        ("GET", "/feeds-compared", 200, ""),
        ("HEAD", "/", 200, "method"),
        ("OPTIONS", "*", 200, "method"),
        ("GET", "/missing", 404, "error"),
        ("GET", "/broken", 500, "error"),
        ("GET", "/big.pdf", 206, "partial"),
        ("GET", "/upgrade", 101, "other_status"),
    ],
)
def test_the_reason_of_a_skip(method: str, target: str, status: int, skip: str) -> None:
    path, _, query = target.partition("?")
    assert skip_reason(method, path, query, status, assets=False) == skip
    assert skip == "" or skip in SKIPS


@pytest.mark.parametrize(
    ("target", "media_type", "kind"),
    [
        ("/app.js", "text/html; charset=utf-8", "page"),
        ("/wiki/Node.js", "application/javascript", "asset"),
        ("/pricing", "text/html", "page"),
        ("/pricing", "application/xhtml+xml", "page"),
        ("/avatar/42", "image/webp", "asset"),
        ("/fonts/42", "font/woff2", "asset"),
        ("/bundle", "Text/JavaScript", "asset"),
        ("/api/cart", "application/json", "asset"),
        ("/news", "application/rss+xml", "feed"),
        ("/report/42", "application/pdf", "download"),
        ("/talk/42", "video/mp4", "download"),
        ("/logo.png", "text/html", "page"),
        ("/logo.png", "", "asset"),
        ("/logo.png", "-", "asset"),
        ("/notes.txt", "text/plain", ""),
    ],
)
def test_the_media_type_takes_precedence_over_the_extension(target: str, media_type: str, kind: str) -> None:
    assert path_kind(target, "", media_type) == kind


def test_the_media_type_gives_the_skip_and_the_type() -> None:
    assert skip_reason("GET", "/avatar/42", "", 200, False, "image/webp") == "asset"
    assert skip_reason("GET", "/news", "", 200, False, "application/rss+xml") == "feed"
    assert skip_reason("GET", "/blog/feed", "", 200, False, "text/html") == ""
    assert skip_reason("POST", "/contact", "", 200, False, "application/json") == ""
    assert touch_type("POST", "/contact", "", "application/json") == ("form", "")
    assert touch_type("GET", "/report/42", "", "application/pdf") == ("download", "")
    assert touch_type("GET", "/wiki/Node.js", "") == ("page", "")


def test_assets_are_touches_by_option() -> None:
    assert skip_reason("GET", "/logo.png", "", 200, assets=True) == ""
    assert skip_reason("GET", "/logo.png", "", 404, assets=True) == "error"
    assert touch_type("GET", "/logo.png", "") == ("custom", "")


@pytest.mark.parametrize(
    ("method", "target", "kind", "searched"),
    [
        ("GET", "/", "page", ""),
        ("GET", "/notes.txt", "page", ""),
        ("GET", "/paper.PDF", "download", ""),
        ("GET", "/tool.tar.gz", "download", ""),
        ("POST", "/contact?q=1", "form", ""),
        ("GET", "/search?q=red+shoes", "search", "red shoes"),
        ("GET", "/find?lang=en&query=%C3%BCber", "search", "über"),
        ("GET", "/?s=shoes", "search", "shoes"),
        ("GET", "/page?s=1", "page", ""),
        ("GET", "/search?q=", "page", ""),
        ("GET", "/search?q=100%25%20sure", "search", "100% sure"),
        ("GET", "/search?q=%ff%00", "search", "\ufffd\x00"),
    ],
)
def test_the_type_of_a_touch(method: str, target: str, kind: str, searched: str) -> None:
    path, _, query = target.partition("?")
    assert touch_type(method, path, query) == (kind, searched)

"""Pages and assets whose paths end like a file."""

from sources.access_logs.requests import path_kind
from tests.tables import table

PAGES = [
    "/wiki/Node.js", "/wiki/node.js", "/wiki/Vue.js", "/blog/asp.net", "/product/v2.0", "/tags/three.js", "/tag/d3.js",
    "/docs/topics/express.js", "/package/chart.js", "/npm/package/lodash.js", "/blog/2024/05/why-we-left-next.js",
    "/t/moment.js", "/products/bike.map", "/questions/tagged/p5.js", "/de/wiki/Node.js", "/wiki/Tachyons.css",
    "/technologies/socket.io", "/wiki/File:Map.png", "/wiki/Datei:Karte.svg", "/wiki/File%3AMap.png",
    "/wiki/Media:Talk.mp3", "/w/File:Paper.pdf", "/jobs/senior-node.js",
]  # fmt: skip
ASSETS = [
    "/app.js", "/js/Chart.js", "/Node.js", "/assets/wiki/Node.js", "/wiki/skins/vector/Main.js", "/blog/style.css",
    "/blog/style2.css", "/blog/wp-content/a/theme.js", "/blog/app.js", "/blog/jquery-3.7.1.js", "/blog/jquery.min.js",
    "/docs/_static/pygments.css", "/docs/searchindex.min.js", "/blog/main.4f3a9c1b.js", "/blog/chunk-2d0b1a3f.js",
    "/blog/lib.js", "/blog/code-1.2.3.js", "/blog/code.js?v=3", "/blog/code.js?ver=6.1", "/blog/code.js?1732000000",
    "/wiki/logo.png", "/blog/photo.jpg", "/wiki/font.woff2", "/static/js/pages/node.js", "/products/a.webp",
    "/images/File:Map.png", "/_next/static/chunks/pages/blog/node.js", "/favicon.ico",
]  # fmt: skip


@table("target", PAGES)
def test_articles_named_like_files_are_pages(target: str) -> None:
    path, _, query = target.partition("?")
    assert path_kind(path, query) in ("page", "")


@table("target", ASSETS)
def test_files_that_pages_load_are_assets(target: str) -> None:
    path, _, query = target.partition("?")
    assert path_kind(path, query) == "asset"


def test_a_long_name_is_no_page() -> None:
    assert path_kind("/wiki/" + "a" * 300 + ".js", "") == "asset"

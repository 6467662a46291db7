"""Classification of requests: the type of a touch, or the reason to skip the request.

Pages, accepted forms, searches and downloads are touches. What pages load (assets), what programs request (feeds,
robots.txt), redirects and errors are not.
"""

import re
from typing import Final, Literal
from urllib.parse import parse_qsl, unquote

from sources.access_logs.page_paths import is_page_path

_ASSETS = """avif bmp css cur eot gif ico jpeg jpg js map mjs otf png svg swf tif tiff ttf wasm webmanifest webp
    woff woff2 xsl xslt"""
_DOWNLOADS = """7z apk avi bz2 csv deb dmg doc docx epub exe gem gz iso jar lzma mkv mobi mov mp3 mp4 msi odp ods
    odt ogg pcap pdf pkg ppt pptx rar rpm rtf tar tbz tgz txz wav webm whl xls xlsx xz zip zst"""

ASSETS: Final = frozenset(_ASSETS.split())
"""Extensions of files that pages load."""

DOWNLOADS: Final = frozenset(_DOWNLOADS.split())
"""Extensions of files that people download."""

MACHINE_FILES: Final = frozenset(
    ["/robots.txt", "/humans.txt", "/ads.txt", "/crossdomain.xml", "/browserconfig.xml", "/xmlrpc.php"]
)

SKIPS: Final = {
    "asset": "loaded by a page: an image, a style sheet, a script, a font",
    "machine_file": "requested by programs: robots.txt, a sitemap, /.well-known/",
    "feed": "RSS or Atom: requested by feed readers",
    "method": "neither GET nor POST",
    "error": "status 4xx or 5xx",
    "redirect": "status 3xx: the next request is the touch",
    "partial": "part of a file (206): viewers request one file in many parts",
    "other_status": "any other status",
    "foreign_host": "a page of another site, requested as from a proxy",
    "other_site": "a virtual host that does not belong to the site",
    "directive": "a line of the W3C's format with metadata",
    "blank": "an empty line",
}
"""Reasons for skipping a request, and their meaning."""

_SITEMAP = re.compile(r"/sitemap[^/]*\.xml(?:\.gz)?")
_FEED_ENDINGS = ("/feed", "/rss", "/atom", ".rss", ".atom", ".rdf", "/feed.xml", "/rss.xml", "/atom.xml", "/index.rdf")
_FEED_FLAVOURS = ("rss", "atom", "rdf")
_SEARCH_KEYS = frozenset(["q", "query", "search", "search_query", "search_term", "keywords"])


Kind = Literal["page", "asset", "download", "feed", ""]

_MEDIA_KINDS: Final[dict[str, Kind]] = {
    "text/html": "page",
    "application/xhtml+xml": "page",
    "text/css": "asset",
    "text/javascript": "asset",
    "application/javascript": "asset",
    "application/x-javascript": "asset",
    "application/json": "asset",
    "application/manifest+json": "asset",
    "application/wasm": "asset",
    "application/font-woff": "asset",
    "application/vnd.ms-fontobject": "asset",
    "text/event-stream": "asset",
    "application/rss+xml": "feed",
    "application/atom+xml": "feed",
    "application/rdf+xml": "feed",
    "application/pdf": "download",
    "application/zip": "download",
    "application/gzip": "download",
    "application/octet-stream": "download",
    "application/epub+zip": "download",
}
_MEDIA_FAMILIES: Final[dict[str, Kind]] = {"image": "asset", "font": "asset", "audio": "download", "video": "download"}


def path_kind(path: str, query: str, media_type: str = "") -> Kind:
    """Return what a path leads to; '' for a path without a known extension. If the log has the response's media type
    (RFC 9110, section 8.3), it decides, otherwise the extension.
    """
    if media_type:
        name = media_type.partition(";")[0].strip().lower()
        if kind := _MEDIA_KINDS.get(name) or _MEDIA_FAMILIES.get(name.partition("/")[0]):
            return kind
    extension = _extension(path)
    if extension in ASSETS or extension in DOWNLOADS:
        if is_page_path(path, query, extension):
            return "page"
        return "asset" if extension in ASSETS else "download"
    return ""


def skip_reason(method: str, path: str, query: str, status: int, assets: bool, media_type: str = "") -> str:
    """Return the key of `SKIPS` for a request, or '' if it is a touch. `assets`: whether assets are touches.
    `media_type`: of the response, if the log has it.
    """
    kind = path_kind(path, query, media_type)
    if kind == "asset" and not assets and (method != "POST" or _extension(path) in ASSETS):
        return "asset"
    if path in MACHINE_FILES or path.startswith("/.well-known/") or _SITEMAP.fullmatch(path):
        return "machine_file"
    if kind == "feed" or (kind != "page" and _is_feed(path, query)):
        return "feed"
    if method not in ("GET", "POST"):
        return "method"
    return _status_skip(method, status)


def _status_skip(method: str, status: int) -> str:
    if status >= 400:
        return "error"
    if status == 206:
        return "partial"
    if 200 <= status < 300 or status == 304:
        return ""
    if 300 <= status < 400:
        # A server usually answers an accepted form with a redirect to another page.
        return "" if method == "POST" and status in (302, 303) else "redirect"
    return "other_status"


def touch_type(method: str, path: str, query: str, media_type: str = "") -> tuple[str, str]:
    """Return (type, search text) of a request that is a touch: form, search, download, custom (an asset) or page."""
    if method == "POST":
        return "form", ""
    if query and (text := _search_text(path, query)):
        return "search", text
    kind = path_kind(path, query, media_type)
    if kind == "download":
        return "download", ""
    return ("custom" if kind == "asset" else "page"), ""


def is_named_like_file(path: str) -> bool:
    """Return whether a path has the extension of an asset or a download."""
    return "." in path and _extension(path) in ASSETS | DOWNLOADS


def _extension(path: str) -> str:
    return path[path.rfind("/") + 1 :].rpartition(".")[2].lower() if "." in path else ""


def _is_feed(path: str, query: str) -> bool:
    if path.rstrip("/").lower().endswith(_FEED_ENDINGS):
        return True
    if not query:
        return False
    return any(
        name in ("flav", "feed", "format") and value.lower().startswith(_FEED_FLAVOURS)
        for name, value in parse_qsl(query, errors="replace")
    )


def _search_text(path: str, query: str) -> str:
    """Return the value of a usual search parameter (`s` only on the start page, as in WordPress), or ''."""
    for name, value in parse_qsl(query, errors="replace"):
        if name in _SEARCH_KEYS or (name == "s" and path == "/"):
            return unquote(value).strip()[:500]
    return ""

"""Recognition of pages whose path ends like a file: `/wiki/Node.js`, `/blog/2024/why-d3.js`, `/wiki/File:Map.png`.

Logs of the common family have no media type. There, a path that ends like a script or a style sheet is a page if it is
in a folder of articles, not in a folder of assets, and does not have a usual name of a script. Images and fonts are
always assets, except for MediaWiki's pages about files (https://www.mediawiki.org/wiki/Help:Namespaces).
"""

import re
from typing import Final

_TEXTS = """
    answers article articles blog blogs book books categories category community compare course courses discuss
    discussion discussions docs documentation encyclopedia entry faq forum forums framework frameworks glossary
    guide guides help hub job jobs kb keyword keywords knowledge label labels learn lesson lessons libraries
    library magazine news package packages post posts product products project projects q question questions
    reference review reviews search section sections skill skills snippet snippets stack stories story subject
    subjects t tag tagged tags taxonomy technologies technology term terms thread threads tool tools topic topics
    tutorial tutorials w wiki wikis words"""
_LOADED = """
    _next _nuxt _static admin asset assets bower_components build bundle bundles cache cdn client common
    components content-assets core css dist embed file files font fonts frontend gfx graphics icons image images
    img include includes javascript javascripts jquery js lib libs media min modules node_modules npm-assets
    plugin plugins public resource resources script scripts skin skins src static style styles stylesheets
    template templates theme themes ui upload uploads vendor vendors view-assets webjars webpack wp-admin wp-
    content wp-includes"""
_GENERIC = """
    ads all analytics api app application base bootstrap bundle chunk client combined common config core custom
    default editor embed engine env fonts footer foundation frontend functions ga global gtag gtm header helper
    helpers home icons index init jquery layout lib libs lightbox load loader login main manifest menu modernizr
    modules navigation normalize page pages plugin plugins polyfill polyfills popup post print prism register-sw
    reset responsive runtime screen script scripts search service-worker share sharing single site slider
    slideshow social startup style styles sw tabs template theme tooltip tracker tracking ui utils vendor vendors
    widget widgets worker"""
_LONGEST_NAME: Final = 250
_VERSIONS: Final = frozenset(["v", "ver", "version", "rev", "hash", "t", "ts", "_", "cb", "cachebust", "build"])

TEXT_FOLDERS: Final = frozenset(_TEXTS.split())
"""Folders of sites whose entries are pages, by the usual names of wikis, blogs, forums, shops and package indexes."""

LOADED_FOLDERS: Final = frozenset(_LOADED.split())
"""Folders of assets, by the names that frameworks and content management systems give them."""

GENERIC_NAMES: Final = frozenset(_GENERIC.split())
"""Names of scripts and style sheets that describe their function in a site, not the subject of a page."""

NAMED_LIKE_FILES: Final = frozenset(["js", "mjs", "css", "map"])
"""Extensions of assets that also end the names of libraries and languages."""

_BUILT = re.compile(
    r"\.min\b|[-._~](?=[0-9a-f]*\d)[0-9a-f]{6,}(?:\.|\Z)|[-._]v?\d{1,6}(?:\.\d{1,6}){1,4}\Z|[-.](?:min|bundle|chunk|umd|esm)\Z"
)
_STYLE = re.compile(r"(?:style|script|main|jquery|reset|theme|print|bootstrap)[\w.-]{0,12}\Z")
_NAMESPACE = re.compile(r"[^\W\d_][\w %-]{1,40}:(?!//)", re.IGNORECASE)


def is_page_path(path: str, query: str, extension: str) -> bool:
    """Return whether a path with the extension of an asset or a download is a page, judged by the path alone."""
    folders, _, name = path.rpartition("/")
    parts = [one for one in folders.lower().split("/") if one]
    if not parts or len(name) > _LONGEST_NAME:
        return False
    if _NAMESPACE.match(name.replace("%3A", ":").replace("%3a", ":")) and not LOADED_FOLDERS.intersection(parts):
        return True
    if extension not in NAMED_LIKE_FILES or LOADED_FOLDERS.intersection(parts) or not TEXT_FOLDERS.intersection(parts):
        return False
    if any(one.partition("=")[0].lower() in _VERSIONS or one.isdigit() for one in query.split("&")):
        return False
    stem = name[: -len(extension) - 1].lower()
    return bool(stem) and stem not in GENERIC_NAMES and not _BUILT.search(stem) and not _STYLE.match(stem)

"""The files of `static`, under an address that changes with their content, so that browsers keep them for ever.

All style sheets are served as one, and scripts without their comments. ES modules import each other by relative names,
which stay valid because the changing part of the address is the folder.
"""

import gzip
import hashlib
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

STYLE_SHEET: Final = "touchline.css"
# In the order of the cascade: what comes later may change what comes before.
STYLE_SHEETS: Final = (
    "tokens",
    "frame",
    "cards",
    "figures",
    "tables",
    "charts",
    "states",
    "customer",
    "reports",
    "narrow",
)
_TYPES: Final = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
_COMMENTS: Final = re.compile(r"^\s*//.*\n", re.MULTILINE)  # whole lines
_KEEP: Final = "public, max-age=31536000, immutable"
router: Final = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class StaticFile:
    """The content of a file, plain and compressed, and its media type."""

    plain: bytes
    compressed: bytes
    media_type: str


@cache
def static_files() -> dict[str, StaticFile]:
    """Return the files by name."""
    folder = files("dashboards.pages").joinpath("static")
    texts = {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir() if path.is_file()}
    texts = {name: _COMMENTS.sub("", text) if name.endswith(".js") else text for name, text in texts.items()}
    texts[STYLE_SHEET] = "".join(texts.pop(f"{name}.css") for name in STYLE_SHEETS)
    return {
        name: StaticFile(
            text.encode(), gzip.compress(text.encode(), mtime=0), _TYPES[name.rpartition(".")[2]] + "; charset=utf-8"
        )
        for name, text in sorted(texts.items())
    }


@cache
def static_version() -> str:
    """Return the changing part of the address: a digest of all names and contents."""
    digest = hashlib.sha256()
    for name, file in static_files().items():
        digest.update(name.encode() + b"\0" + file.plain + b"\0")
    return digest.hexdigest()[:12]


def static_path(name: str) -> str:
    """Return the address of a file. Raises KeyError if there is none of that name."""
    if name not in static_files():
        raise KeyError(f"no file {name} in dashboards/pages/static")
    return f"/static/{static_version()}/{name}"


@router.get("/static/{version}/{name}")
async def static_file(request: Request, version: str, name: str) -> Response:
    """Return a file. Under the address of another version, it is the present file, which a browser does not keep."""
    file = static_files().get(name)
    if file is None:
        return Response("There is no such file: reload the page.", 404, media_type="text/plain; charset=utf-8")
    headers = {
        "Cache-Control": _KEEP if version == static_version() else "no-cache",
        "Vary": "Accept-Encoding",
    }
    body = file.plain
    if "gzip" in request.headers.get("accept-encoding", ""):
        body, headers["Content-Encoding"] = file.compressed, "gzip"
    return Response(body, headers=headers, media_type=file.media_type)

"""Style sheets, modules and icons under an address that changes with their content."""

import gzip
import re

import pytest
from fastapi import Request
from starlette.responses import Response

from dashboards.pages.static_files import static_file, static_files, static_path, static_version


async def get(version: str, name: str, encoding: str = "gzip") -> Response:
    scope = {"type": "http", "headers": [(b"accept-encoding", encoding.encode())]}
    return await static_file(Request(scope), version, name)


@pytest.mark.parametrize("name", ["touchline.css", "page.js", "icons.svg"])
async def test_a_file_is_kept_for_ever_under_its_version(name: str) -> None:
    answer = await get(*static_path(name).split("/")[2:])
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-encoding"] == "gzip"
    assert gzip.decompress(bytes(answer.body)) == static_files()[name].plain


async def test_an_old_version_is_answered_with_the_present_file_for_now() -> None:
    answer = await get("0" * 12, "page.js", "identity")
    assert answer.headers["cache-control"] == "no-cache"
    assert "content-encoding" not in answer.headers
    assert answer.body == static_files()["page.js"].plain


@pytest.mark.parametrize("name", ["nothing.js", "../../format.py", "tokens.css"])
async def test_other_names_are_not_found(name: str) -> None:
    assert (await get(static_version(), name)).status_code == 404


def test_a_template_cannot_name_a_file_that_is_missing() -> None:
    with pytest.raises(KeyError):
        static_path("nothing.js")


def test_modules_import_files_that_exist() -> None:
    for name, file in static_files().items():
        for imported in re.findall(r'from "\./([^"]+)"', file.plain.decode()):
            assert imported in static_files(), f"{name} imports {imported}"


def test_colours_are_named_by_tokens_alone() -> None:
    css = static_files()["touchline.css"].plain.decode()
    after = css.split("/* The frame of all pages. */")[1]
    assert re.findall(r"#[0-9a-f]{3,8}\b", after) == []

"""Users, and the ways a request names one."""

from base64 import b64encode
from pathlib import Path

import pytest
from aiohttp.test_utils import make_mocked_request

from sinks.engine.users import User, authenticate, claimed, read_users

USERS = {"a": User("a", "pässword", False, "default"), "open": User("open", "", True, "shop")}


def basic(text: str) -> dict[str, str]:
    return {"Authorization": "Basic " + b64encode(text.encode()).decode()}


@pytest.mark.parametrize(
    ("headers", "query", "claim"),
    [
        ({}, {}, None),
        ({"x-clickhouse-user": "a", "x-clickhouse-key": "k"}, {"user": "b"}, ("a", "k")),
        ({"X-ClickHouse-Key": "k"}, {}, ("default", "k")),
        (basic("a:k:l"), {"user": "b"}, ("a", "k:l")),
        (basic("ä:ö"), {}, ("ä", "ö")),
        ({"Authorization": "Basic %%%"}, {}, ("", "")),
        ({"Authorization": "Bearer x"}, {"user": "b"}, ("b", "")),
        ({}, {"user": "b", "password": "k"}, ("b", "k")),
    ],
)
def test_a_request_names_its_user(
    headers: dict[str, str], query: dict[str, str], claim: tuple[str, str] | None
) -> None:
    assert claimed(make_mocked_request("GET", "/", headers).headers, query) == claim


@pytest.mark.parametrize(
    ("claim", "name"),
    [(("a", "pässword"), "a"), (("a", ""), None), (("a", "p"), None), (("b", ""), None),
     (("open", ""), "open"), (None, None)],
)  # fmt: skip
def test_only_name_and_password_let_in(claim: tuple[str, str] | None, name: str | None) -> None:
    user = authenticate(USERS, claim)
    assert (user.name if user else None) == name


def test_users_are_read(tmp_path: Path) -> None:
    file = tmp_path / "users.json"
    file.touch(mode=0o600)
    file.write_text('{"a": {"password": "pässword"}, "open": {"password": "", "readonly": true, "database": "shop"}}')
    assert read_users(file) == USERS

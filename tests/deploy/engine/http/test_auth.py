"""Users, and the credentials of requests."""

import json
from base64 import b64encode
from pathlib import Path

import pytest
from aiohttp.test_utils import make_mocked_request
from multidict import CIMultiDict

from deploy.engine.http.auth import (
    BadCredentialsError,
    User,
    UsersFileError,
    authenticate,
    read_credentials,
    read_users,
)
from deploy.engine.http.password_hash import PasswordHash


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
    assert read_credentials(make_mocked_request("GET", "/", headers).headers, query) == claim


def test_users_are_read(tmp_path: Path) -> None:
    file = tmp_path / "users.json"
    file.touch(mode=0o600)
    secret = PasswordHash.of("k")
    hashed = {"password_sha256": str(secret), "readonly": True, "database": "shop"}
    file.write_text(json.dumps({"a": {"password": "pässword"}, "b": hashed}))
    users = read_users(file)
    assert users["b"] == User("b", secret, True, "shop")
    assert authenticate(users, ("a", "pässword")) is users["a"]
    assert authenticate(users, ("b", "k")) is users["b"]
    assert authenticate(users, ("b", str(secret))) is None


@pytest.mark.parametrize(
    "text",
    ["", "[]", "null", "1", '"a"', '{"a": 1}', '{"a": {"password": 1}}', '{"a": {}}', '{"a": {"password_sha256": "x"}}',
     '{"a": {"password_sha256": "00:00"}}', '{"a": {"password": "x", "password_sha256": "x"}}',
     '{"a": {"password": "x", "readonly": 1}}', '{"a": {"password": "x", "more": 1}}', "{}", "\xff"],
)  # fmt: skip
def test_a_damaged_file_is_one_sentence(tmp_path: Path, text: str) -> None:
    file = tmp_path / "users.json"
    file.touch(mode=0o600)
    file.write_bytes(text.encode("latin-1"))
    with pytest.raises(UsersFileError, match="users") as raised:
        read_users(file)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("headers", "query"),
    [
        ({"X-ClickHouse-User": "a", "X-ClickHouse-Key": "\udcff"}, {}),
        ({"X-ClickHouse-User": "\udcff"}, {}),
        ({"Authorization": "Basic " + b64encode(b"a:\xff").decode()}, {}),
        ({}, {"user": "a", "password": "\udcff"}),
    ],
)
def test_credentials_are_text(headers: dict[str, str], query: dict[str, str]) -> None:
    with pytest.raises(BadCredentialsError, match="UTF-8"):
        read_credentials(CIMultiDict(headers), query)

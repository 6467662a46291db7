"""Who may speak to the engine, and how a request says who it is.

The users file is JSON: {"name": {"password": "...", "readonly": true, "database": "shop"}}; `readonly` (false) and
`database` ("default") may be left out. It holds passwords, so it must be readable by its owner alone (mode 0600).
"""

import base64
import binascii
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class User:
    name: str
    password: str
    readonly: bool
    database: str


class UsersFileError(Exception):
    """The users file cannot be used; the message says why and what to do."""


def read_users(file: Path) -> dict[str, User]:
    """Read the users file; UsersFileError when it is missing, open to others, or not as described above."""
    try:
        if file.stat().st_mode & 0o077:
            raise UsersFileError(f"The users file {file} holds passwords and others may read it: chmod 600 it.")
        told = json.loads(file.read_text("utf-8"))
        users = {name: _user(name, fields) for name, fields in told.items()}
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise UsersFileError(
            f'The users file {file} cannot be read ({error}): write {{"name": {{"password": "...", '
            '"readonly": false}} to it.'
        ) from error
    if not users:
        raise UsersFileError(f"The users file {file} names nobody, so nobody could use the engine: add a user.")
    return users


def _user(name: str, fields: Mapping[str, object]) -> User:
    unknown = set(fields) - {"password", "readonly", "database"}
    password, readonly, database = fields["password"], fields.get("readonly", False), fields.get("database", "default")
    if unknown or not isinstance(password, str) or not isinstance(readonly, bool) or not isinstance(database, str):
        raise ValueError(f"user {name} needs a password, and besides only readonly (true, false) and database")
    return User(name, password, readonly, database)


def claimed(headers: Mapping[str, str], query: Mapping[str, str]) -> tuple[str, str] | None:
    """Return the name and password a request gives (headers, then Basic, then parameters), None when it gives none."""
    if "X-ClickHouse-User" in headers or "X-ClickHouse-Key" in headers:
        return headers.get("X-ClickHouse-User", "default"), headers.get("X-ClickHouse-Key", "")
    scheme, _, credentials = headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            name, _, password = base64.b64decode(credentials, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return "", ""
        return name or "default", password
    if "user" in query or "password" in query:
        return query.get("user", "default"), query.get("password", "")
    return None


def authenticate(users: Mapping[str, User], claim: tuple[str, str] | None) -> User | None:
    """Return the user of a claim, None when there is no such user or the password is another."""
    name, password = claim or ("default", "")
    user = users.get(name)
    expected = user.password if user else ""
    same = hmac.compare_digest(expected.encode(), password.encode())
    return user if user and same else None

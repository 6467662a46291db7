"""Authentication: the users file, and the credentials of a request.

The users file is JSON: {"name": {"password_sha256": "SALT:DIGEST", "readonly": true, "database": "shop"}}. Optional are
`readonly` (default false), `database` ("default") and `limited` (true: the limits of reader_limits.py apply to a
read-only user). For an engine that is started by hand, `password` with the password itself may replace
`password_sha256` (password_hash.py). Only the owner may have permissions on the file (mode 0600).
"""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.engine.http.password_hash import PasswordHash


@dataclass(frozen=True, slots=True)
class User:
    name: str
    secret: PasswordHash
    readonly: bool
    database: str
    limited: bool = True


class BadCredentialsError(Exception):
    """The name or password of a request is no text; the message says what to send."""


class UsersFileError(Exception):
    """The users file cannot be used; the message says why and what to do."""


def read_users(file: Path) -> dict[str, User]:
    """Read the users file. Raises UsersFileError if it is missing, open to others, or not as described above."""
    try:
        if file.stat().st_mode & 0o077:
            raise UsersFileError(f"The users file {file} holds passwords and others may read it: chmod 600 it.")
        by_name = json.loads(file.read_text("utf-8"))
        users = {name: _user(name, fields) for name, fields in by_name.items()}
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise UsersFileError(
            f'The users file {file} cannot be read ({error}): write {{"name": {{"password": "...", '
            '"readonly": false}} to it.'
        ) from error
    if not users:
        raise UsersFileError(f"The users file {file} has no user: add one.")
    return users


def _user(name: str, fields: Mapping[str, object]) -> User:
    readonly, database = fields.get("readonly", False), fields.get("database", "default")
    given = fields.keys() & {"password", "password_sha256"}
    limited = fields.get("limited", True)
    unknown = fields.keys() - {"password", "password_sha256", "readonly", "database", "limited"}
    flags = isinstance(readonly, bool) and isinstance(limited, bool)
    if unknown or len(given) != 1 or not flags or not isinstance(database, str):
        raise ValueError(f"user {name} needs a password_sha256, and besides only readonly, limited and database")
    kind = given.pop()
    text = fields[kind]
    if not isinstance(text, str):
        raise ValueError(f"the {kind} of user {name} is not text")
    secret = PasswordHash.of(text) if kind == "password" else PasswordHash.read(text)
    return User(name, secret, readonly is True, database, limited is True)


def read_credentials(headers: Mapping[str, str], query: Mapping[str, str]) -> tuple[str, str] | None:
    """Return the name and password of a request (from headers, then Basic, then parameters), None if it has none.

    Raises BadCredentialsError if they are not UTF-8.
    """
    credentials = _find_credentials(headers, query)
    try:
        "".join(credentials or ()).encode()
    except UnicodeEncodeError:
        raise BadCredentialsError("The user's name or password is not UTF-8: send UTF-8.") from None
    return credentials


def _find_credentials(headers: Mapping[str, str], query: Mapping[str, str]) -> tuple[str, str] | None:
    if "X-ClickHouse-User" in headers or "X-ClickHouse-Key" in headers:
        return headers.get("X-ClickHouse-User", "default"), headers.get("X-ClickHouse-Key", "")
    scheme, _, credentials = headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            given = base64.b64decode(credentials, validate=True)
        except (binascii.Error, ValueError):
            return "", ""
        name, _, password = given.decode("utf-8", "surrogateescape").partition(":")
        return name or "default", password
    if "user" in query or "password" in query:
        return query.get("user", "default"), query.get("password", "")
    return None


def authenticate(users: Mapping[str, User], credentials: tuple[str, str] | None) -> User | None:
    """Return the user with this name and password, None if there is none."""
    name, password = credentials or ("default", "")
    user = users.get(name)
    same = (user.secret if user else _NO_USER).matches(password)
    return user if user and same else None


# The password hash of an unknown user, so that the comparison takes the same time.
_NO_USER = PasswordHash.of("")

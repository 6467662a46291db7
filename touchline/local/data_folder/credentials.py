"""The engine's users and their passwords.

The users are written anew at each start, and their file holds hashes, no passwords. The writer's password and that of
Touchline's own commands are valid for one run and appear in `running.json` alone. The reader's stays the same, because
dashboards store it: it is derived from a key in the folder.
"""

import hashlib
import hmac
import json
import re
import secrets
from base64 import urlsafe_b64encode
from pathlib import Path
from typing import Final

from deploy.atomic_file import replace_file
from deploy.engine.http.password_hash import PasswordHash

WRITER: Final = "touchline"
READER: Final = "reader"
COMMANDS: Final = "commands"
_KEY_BYTES: Final = 32
# Older versions stored the reader's password and no key: it stays valid, so that dashboards need no change.
_OLD: Final = "password:"
_OLD_PASSWORD: Final = re.compile(r"[A-Za-z0-9_-]+")


def users_file(folder: Path) -> Path:
    """Return the path of the engine's users file."""
    return folder / "users.json"


def make_users(folder: Path, database: str, reader_password: str = "") -> dict[str, str]:
    """Write the users file, for its owner alone, and return the passwords by user.

    With `reader_password` "", the reader's is derived from the folder's key, which is created if it is missing.
    """
    passwords = {
        WRITER: secrets.token_urlsafe(_KEY_BYTES),
        COMMANDS: secrets.token_urlsafe(_KEY_BYTES),
        READER: reader_password or _reader_password(folder),
    }
    more: dict[str, dict[str, object]] = {
        WRITER: {},
        COMMANDS: {"readonly": True, "limited": False},
        READER: {"readonly": True},
    }
    users = {
        name: {"password_sha256": str(PasswordHash.of(password)), "database": database, **more[name]}
        for name, password in passwords.items()
    }
    replace_file(users_file(folder), json.dumps(users).encode())
    return passwords


def _reader_password(folder: Path) -> str:
    path = folder / "reader.key"
    stored = _read(path).strip()
    if stored.startswith(_OLD) and len(stored) > len(_OLD):
        return stored.removeprefix(_OLD)
    if len(stored) != 2 * _KEY_BYTES or stored.strip("0123456789abcdef"):
        old = _old_password(folder)
        stored = f"{_OLD}{old}" if old else secrets.token_hex(_KEY_BYTES)
        replace_file(path, stored.encode())
        if old:
            return old
    digest = hmac.digest(bytes.fromhex(stored), READER.encode(), hashlib.sha256)
    return urlsafe_b64encode(digest).decode().rstrip("=")


def _old_password(folder: Path) -> str:
    """Return the reader's password from a users file that still holds it; "" if there is none."""
    try:
        password = json.loads(_read(users_file(folder)))[READER]["password"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""
    return password if isinstance(password, str) and _OLD_PASSWORD.fullmatch(password) else ""


def _read(path: Path) -> str:
    """Return a small file's text; "" if it is missing or not text, since all of its content can be created anew."""
    try:
        return path.read_text("utf-8")
    except (FileNotFoundError, UnicodeDecodeError):
        return ""

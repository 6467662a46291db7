"""What a data folder keeps from one `touchline up` to the next: the engine's users."""

import json
import os
import secrets
from pathlib import Path
from typing import Final

WRITER: Final = "touchline"
READER: Final = "reader"


def users(folder: Path) -> tuple[dict[str, str], Path]:
    """(passwords by user, the engine's users file), made once per data folder and readable by its owner alone."""
    path = folder / "users.json"
    if path.exists():
        known = json.loads(path.read_text())
    else:
        known = {
            WRITER: {"password": secrets.token_urlsafe(18), "readonly": False},
            READER: {"password": secrets.token_urlsafe(18), "readonly": True},
        }
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(known, file)
    return {name: user["password"] for name, user in known.items()}, path

"""The secret of the visitors' hash: made once per data folder, readable by its owner alone. Another key makes other
visitors.
"""

import os
import secrets
from pathlib import Path

_BYTES = 32


def visitor_key(folder: Path) -> bytes:
    """The folder's key."""
    path = folder / "visitor.key"
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(secrets.token_bytes(_BYTES))
    except FileExistsError:
        pass
    return path.read_bytes()

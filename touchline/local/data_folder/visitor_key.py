"""The secret of the visitors' hash: made once per data folder, readable by its owner alone. Another key makes other
visitors.
"""

import secrets
from pathlib import Path

from deploy.atomic_file import create_file
from touchline.errors import CliError

_BYTES = 32


def visitor_key(folder: Path) -> bytes:
    """The folder's key. Raises CliError if its file is damaged: another key would silently make other visitors."""
    path = folder / "visitor.key"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        create_file(path, secrets.token_bytes(_BYTES))
    key = path.read_bytes()
    if len(key) != _BYTES:
        raise CliError(
            f"{path} is damaged ({len(key)} bytes instead of {_BYTES}): restore it from a backup, or delete "
            f"it. With a new key, a log that is imported again makes other visitors."
        )
    return key

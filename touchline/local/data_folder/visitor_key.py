"""The secret key of visitor ids: created once per data folder, readable by its owner alone.

Another key gives all visitors of an access log other ids.
"""

import secrets
from pathlib import Path

from deploy.atomic_file import create_file
from touchline.errors import CliError

_BYTES = 32


def visitor_key(folder: Path) -> bytes:
    """Return the folder's key, created if it is missing. Raises CliError for a damaged file, which a new key must not
    replace silently.
    """
    path = folder / "visitor.key"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        create_file(path, secrets.token_bytes(_BYTES))
    key = path.read_bytes()
    if len(key) != _BYTES:
        raise CliError(
            f"{path} is damaged ({len(key)} bytes instead of {_BYTES}): restore it from a backup, or delete "
            f"it. With a new key, the visitors of a log that is imported again get other ids."
        )
    return key

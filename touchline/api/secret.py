"""The secret that signs logins and seals the keys of profiles: a setting, or a file of the data folder.

Several processes of one site need the same, so that a login or a link holds at each of them.
"""

import secrets
from pathlib import Path
from typing import Final

from dashboards.api.security.sessions import SECRET_BYTES
from deploy.atomic_file import create_file
from touchline.errors import CliError
from touchline.settings import Settings

NAME: Final = "serve.key"


def serve_secret(settings: Settings) -> bytes:
    """Return the secret. The file is created if it is missing, readable by its owner alone. Raises CliError."""
    if settings.serve_secret:
        return settings.serve_secret.encode()
    path = settings.folder / NAME
    settings.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        create_file(path, secrets.token_bytes(SECRET_BYTES))
    return read_secret(path)


def read_secret(path: Path) -> bytes:
    """Return the secret of a file. Raises CliError for a damaged one."""
    found = path.read_bytes()
    if len(found) != SECRET_BYTES:
        raise CliError(
            f"{path} is damaged ({len(found)} bytes instead of {SECRET_BYTES}): restore it, or delete it. With a new "
            "one everybody has to log in again, and links to customers that were kept lead nowhere."
        )
    return found

"""The three recordings that are installed with Touchline, one per channel; README.md here names their origin."""

from importlib.resources import as_file, files
from pathlib import Path
from typing import Final

ACCESS_LOG: Final = "access.log.gz"
CALL_LOG: Final = "calls_1999_02.tsv.gz"
MAIL_LOG: Final = "emails.txt.gz"

SITE: Final = "http://www.semicomplete.com"
"""The site of the access log."""

MAIL_START_MS: Final = 1_072_915_200_000
"""Second 0 of the mail log: 2004-01-01T00:00:00Z, an assumption, since the recording names no year."""


def recording(name: str) -> Path:
    """Return the path of one of the files above. Raises `FileNotFoundError`."""
    with as_file(files(__name__) / name) as path:
        if not path.is_file():
            raise FileNotFoundError(f"the recording {name} is not installed: it belongs in {path.parent}")
        return path

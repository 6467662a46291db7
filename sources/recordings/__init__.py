"""The three recordings that travel with Touchline, one per channel; README.md beside this says where they come from."""

from importlib.resources import as_file, files
from pathlib import Path
from typing import Final

ACCESS_LOG: Final = "access.log.gz"
CALL_LOG: Final = "calls_1999_02.tsv.gz"
MAIL_LOG: Final = "emails.txt.gz"

SITE: Final = "http://www.semicomplete.com"
"""The site whose access log it is."""

MAIL_START_MS: Final = 1_072_915_200_000
"""Second 0 of the mail log, by assumption: 2004-01-01T00:00:00Z. The recording names no year."""


def recording(name: str) -> Path:
    """The path of one of the files above."""
    with as_file(files(__name__) / name) as path:
        if not path.is_file():
            raise FileNotFoundError(f"the recording {name} is not installed: it belongs into {path.parent}")
        return path

"""Leaving the process when going on could lose or spoil something."""

import logging
import os
import sys
from typing import NoReturn

EXIT_CODE = os.EX_SOFTWARE  # 70: "internal software error"

log = logging.getLogger(__name__)


def leave(reason: str, error: BaseException | None = None) -> NoReturn:
    """End the process at once with exit code 70, after one line that says why.

    Nothing is acknowledged, committed or tidied up on the way: an orderly end would give Faust the chance to commit
    what was not done. Whoever starts the worker again has it go on from the last commit.
    """
    message = "%s The worker leaves with exit code %d; nothing unfinished was committed."
    log.critical(message, reason, EXIT_CODE, exc_info=error)
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(EXIT_CODE)

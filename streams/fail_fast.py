"""Leaving the process when going on could lose or spoil something."""

import logging
import os
import sys
from typing import NoReturn

EXIT_CODE = os.EX_SOFTWARE  # 70: "internal software error"
CONFIG_CODE = os.EX_CONFIG  # 78: something around us has to be changed first
STOP_LIMIT_S = 25.0  # after that something is stuck, and a stuck worker must not stay

log = logging.getLogger(__name__)


class OperatorError(Exception):
    """What keeps a worker from going on and has to be changed by a person; the message says all of it."""


def exit_now(reason: str, error: BaseException | None = None, code: int = EXIT_CODE) -> NoReturn:
    """End the process at once with that exit code, after one line that says why.

    Nothing is acknowledged, committed or tidied up on the way: an orderly end would give Faust the chance to commit
    what was not done. Whoever starts the worker again has it go on from the last commit.
    """
    message = "%s The worker leaves with exit code %d; nothing unfinished was committed."
    try:
        log.critical(message, reason, code, exc_info=error)
        logging.shutdown()
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(code)  # nobody may be listening any more: a closed pipe must not keep a worker going

"""Immediate exit of the process when continuing could lose or corrupt data."""

import logging
import os
import sys
from typing import NoReturn

EXIT_CODE = os.EX_SOFTWARE  # 70: "internal software error"
CONFIG_CODE = os.EX_CONFIG  # 78: an operator has to change something first
STOP_LIMIT_S = 25.0  # for an orderly stop; a worker that is stuck must not stay

log = logging.getLogger(__name__)


class OperatorError(Exception):
    """A fault that a person has to correct before a worker can continue; the message is complete."""


def exit_now(reason: str, error: BaseException | None = None, code: int = EXIT_CODE) -> NoReturn:
    """End the process at once with exit code `code`, after one log line with the reason.

    Nothing is acknowledged, committed or closed: an orderly end would let Faust commit unfinished work. A restarted
    worker continues from the last commit.
    """
    message = "%s The worker exits with code %d; nothing unfinished was committed."
    try:
        log.critical(message, reason, code, exc_info=error)
        logging.shutdown()
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(code)  # also when a log stream is closed: a broken pipe must not keep the worker alive

"""The error that ended a command, as a sentence and an exit code (from BSD's sysexits.h where it has one)."""

import os
import sys
import tempfile
import traceback

from clickhouse_connect.driver.exceptions import ClickHouseError
from kafka.errors import KafkaError

from sinks.clickhouse.client import StoreUnavailableError
from sinks.clickhouse.errors import describe_error
from touchline.errors import KAFKA_ADVICE, CliError, describe_os_error
from touchline.settings import SettingsError


def explain_error(error: Exception) -> tuple[str, int]:
    """Return (message, exit code)."""
    if isinstance(error, CliError):
        return str(error), error.code
    if isinstance(error, SettingsError):
        return str(error), os.EX_CONFIG
    if isinstance(error, ClickHouseError):
        return f"ClickHouse did not answer: {describe_error(error)}. See `touchline doctor`.", 1
    if isinstance(error, StoreUnavailableError):
        return f"{error}. See `touchline doctor`.", 1
    if isinstance(error, KafkaError):
        return f"Kafka did not answer ({type(error).__name__}): {KAFKA_ADVICE}. See `touchline doctor`.", 1
    if isinstance(error, OSError):
        return describe_os_error(error), os.EX_IOERR
    if isinstance(error, MemoryError):
        return "This machine has no memory left: close programs, or reduce the output with --limit.", os.EX_OSERR
    return _explain_bug(error), os.EX_SOFTWARE


def _explain_bug(error: Exception) -> str:
    """Explain a bug of Touchline. The traceback goes to a file if standard error is a terminal, else to the message."""
    trace = "".join(traceback.format_exception(error))
    what = f"this is a bug of Touchline ({type(error).__name__}: {error})"
    if sys.stderr.isatty():
        try:
            fd, path = tempfile.mkstemp(prefix="touchline-bug-", suffix=".txt")  # mode 0600: it may quote data
            with open(fd, "w", encoding="utf-8", errors="backslashreplace") as file:
                file.write(trace)
        except OSError:
            pass
        else:
            return f"{what}: please report it and attach the file {path}."
    return f"{what}: please report it with these lines:\n{trace}"

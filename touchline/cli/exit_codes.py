"""What ended a command, as a sentence and an exit code (BSD's sysexits.h, as far as it has one)."""

import os
import sys
import tempfile
import traceback

from clickhouse_connect.driver.exceptions import ClickHouseError
from kafka.errors import KafkaError

from sinks.clickhouse.client import StoreUnavailable
from sinks.clickhouse.errors import describe_error
from touchline.errors import CliError, describe_os_error
from touchline.settings import SettingsError


def explain_error(error: Exception) -> tuple[str, int]:
    """(message, exit code)."""
    if isinstance(error, CliError):
        return str(error), error.code
    if isinstance(error, SettingsError):
        return str(error), os.EX_CONFIG
    if isinstance(error, ClickHouseError):
        return f"ClickHouse did not answer: {describe_error(error)}. See `touchline doctor`.", 1
    if isinstance(error, StoreUnavailable):
        return f"{error}. See `touchline doctor`.", 1
    if isinstance(error, KafkaError):
        return f"Kafka did not answer ({type(error).__name__}): is it running? See `touchline doctor`.", 1
    if isinstance(error, OSError):
        return describe_os_error(error), os.EX_IOERR
    if isinstance(error, MemoryError):
        return "There is no memory left on this machine: close programs, or ask for less with --limit.", os.EX_OSERR
    return _explain_fault(error), os.EX_SOFTWARE


def _explain_fault(error: Exception) -> str:
    """A mistake of ours. Its traceback is for a report: in a file if a person looks on, else in the log itself."""
    trace = "".join(traceback.format_exception(error))
    what = f"this is a fault of Touchline ({type(error).__name__}: {error})"
    if sys.stderr.isatty():
        try:
            fd, path = tempfile.mkstemp(prefix="touchline-fault-", suffix=".txt")  # mode 0600: it may quote data
            with open(fd, "w", encoding="utf-8", errors="backslashreplace") as file:
                file.write(trace)
        except OSError:
            pass
        else:
            return f"{what}: please report it, with the file {path}."
    return f"{what}: please report it, with these lines:\n{trace}"

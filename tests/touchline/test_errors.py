"""Errors as sentences: those of a command with an exit code, those of the operating system with the file."""

import errno
import os
from pathlib import Path

from streams.fail_fast import OperatorError
from tests.tables import table
from touchline.errors import CliError, describe_os_error


def test_exit_code_is_that_of_a_wrong_configuration_by_default() -> None:
    assert (str(CliError("Kafka is away.")), CliError("Kafka is away.").code) == ("Kafka is away.", 78)
    assert CliError("wrong words", code=2).code == 2
    assert isinstance(CliError(""), OperatorError)


@table("number", sorted(errno.errorcode))
def test_every_error_of_the_operating_system_is_one_sentence(number: int) -> None:
    for name in (None, "/data/x", Path("/data/x"), b"/data/\xff", 3):
        error = OSError(number, os.strerror(number), name)
        assert describe_os_error(error).endswith(".")
        assert "\n" not in describe_os_error(error)


def test_error_names_the_file() -> None:
    assert describe_os_error(FileNotFoundError(errno.ENOENT, "No such file or directory", "/data/x")).startswith(
        "/data/x cannot be used (No such file or directory): create it, or choose another place"
    )

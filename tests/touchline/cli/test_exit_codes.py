"""Errors as sentences with exit codes."""

import errno
from pathlib import Path

import pytest
from kafka.errors import KafkaTimeoutError

from touchline.cli.exit_codes import explain_error
from touchline.errors import CliError
from touchline.settings import SettingsError


@pytest.mark.parametrize(
    ("error", "sentence", "code"),
    [
        (CliError("a sentence", code=3), "a sentence", 3),
        (SettingsError("TOUCHLINE_X is wrong"), "TOUCHLINE_X is wrong", 78),
        (KafkaTimeoutError(), "Kafka did not answer (KafkaTimeoutError): `touchline up` restarts its own;", 1),
        (OSError(errno.ENOSPC, "No space left on device"), "free some space on its disk.", 74),
        (MemoryError(), "This machine has no memory left", 71),
    ],
)
def test_foreseen_error_is_a_sentence(error: Exception, sentence: str, code: int) -> None:
    found = explain_error(error)
    assert sentence in found[0]
    assert found[1] == code
    assert "Traceback" not in found[0]


def test_bug_is_reported_with_its_traceback() -> None:
    try:
        {}["missing"]
    except KeyError as error:
        sentence, code = explain_error(error)
    assert code == 70
    assert sentence.startswith("this is a bug of Touchline (KeyError: 'missing'): please report it")
    assert Path(__file__).name in sentence

"""A sentence that ends a command has an exit code."""

from streams.fail_fast import OperatorError
from touchline.errors import CliError


def test_the_code_says_that_something_must_be_changed_unless_told_otherwise() -> None:
    assert (str(CliError("Kafka is away.")), CliError("Kafka is away.").code) == ("Kafka is away.", 78)
    assert CliError("wrong words", code=2).code == 2
    assert isinstance(CliError(""), OperatorError)

"""What goes wrong around us, as one sentence: what, where, and what to do."""

from streams.fail_fast import OperatorError


class CliError(OperatorError):
    """Ends the command with its sentence and exit code `code` (78: something must be changed before it can work)."""

    def __init__(self, sentence: str, code: int = 78) -> None:
        super().__init__(sentence)
        self.code = code

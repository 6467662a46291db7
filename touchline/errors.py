"""Errors that a person can do something about, as sentences: what is wrong, where, and what to do."""

import errno
import os
from typing import Final

from streams.fail_fast import OperatorError

KAFKA_ADVICE: Final = "`touchline up` restarts its own; start any other, or correct TOUCHLINE_KAFKA"
_ELSEWHERE: Final = "choose another place, such as another data folder with --data or TOUCHLINE_DATA"
_ADVICE: Final = {
    errno.ENOSPC: "free some space on its disk",
    errno.EDQUOT: "free some space: your quota on its disk is used up",
    errno.EFBIG: "raise the limit of a file's size (ulimit -f)",
    errno.EACCES: f"change its owner or its permissions, or {_ELSEWHERE}",
    errno.EPERM: f"change its owner or its permissions, or {_ELSEWHERE}",
    errno.EROFS: _ELSEWHERE,
    errno.ENOENT: f"create it, or {_ELSEWHERE}",
    errno.EEXIST: f"a folder is needed there; {_ELSEWHERE}",
    errno.ENOTDIR: f"a folder is needed there; {_ELSEWHERE}",
    errno.EISDIR: "a file is needed there",
    errno.ENAMETOOLONG: "choose a shorter name",
    errno.ELOOP: "its symbolic links form a circle; correct them",
    errno.EMFILE: "raise the limit of open files (ulimit -n)",
    errno.ENFILE: "too many files are open on this machine; close programs",
    errno.ENOMEM: "free some memory",
    errno.EIO: "look for disk faults in the system's log",
    errno.EADDRINUSE: "stop the program that uses the port, or choose another port",
}
_OF_OUTPUT: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF)  # where no file is named


class CliError(OperatorError):
    """Ends the command with its sentence and exit code `code` (78: the configuration must be changed)."""

    def __init__(self, sentence: str, code: int = 78) -> None:
        super().__init__(sentence)
        self.code = code


def describe_os_error(error: OSError) -> str:
    """Return one sentence: what cannot be used, why, and what to do."""
    if error.filename is not None:
        what = os.fsdecode(error.filename) if isinstance(error.filename, (str, bytes)) else str(error.filename)
    else:
        what = "The output" if error.errno in _OF_OUTPUT else "A file or a connection"
    why = error.strerror or str(error) or type(error).__name__
    return f"{what} cannot be used ({why}): {_ADVICE.get(error.errno or 0, 'see what is there')}."

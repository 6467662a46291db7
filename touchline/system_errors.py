"""Errors of the operating system, as a sentence with advice."""

import errno
import os
from typing import Final

_ELSEWHERE: Final = "name another place, such as another data folder with --data or TOUCHLINE_DATA"
_ADVICE: Final = {
    errno.ENOSPC: "make room on its disk",
    errno.EDQUOT: "make room: your share of its disk is used up",
    errno.EFBIG: "raise the limit of a file's size (ulimit -f)",
    errno.EACCES: f"change its owner or its rights, or {_ELSEWHERE}",
    errno.EPERM: f"change its owner or its rights, or {_ELSEWHERE}",
    errno.EROFS: _ELSEWHERE,
    errno.ENOENT: f"make it, or {_ELSEWHERE}",
    errno.EEXIST: f"a folder is needed there; {_ELSEWHERE}",
    errno.ENOTDIR: f"a folder is needed there; {_ELSEWHERE}",
    errno.EISDIR: "a file is needed there",
    errno.ENAMETOOLONG: "choose a shorter name",
    errno.ELOOP: "its symbolic links lead in a circle; correct them",
    errno.EMFILE: "raise the limit of open files (ulimit -n)",
    errno.ENFILE: "too many files are open on this machine; close programs",
    errno.ENOMEM: "free some memory",
    errno.EIO: "look at the system's log for faults of the disk",
    errno.EADDRINUSE: "stop the program that has the port, or choose another port",
}
_OF_OUTPUT: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF)  # where no file is named


def describe(error: OSError) -> str:
    """What cannot be used, why, and what to do: one sentence."""
    if error.filename is not None:
        what = os.fsdecode(error.filename) if isinstance(error.filename, (str, bytes)) else str(error.filename)
    else:
        what = "The output" if error.errno in _OF_OUTPUT else "A file or a connection"
    why = error.strerror or str(error) or type(error).__name__
    return f"{what} cannot be used ({why}): {_ADVICE.get(error.errno or 0, 'look at what is there')}."

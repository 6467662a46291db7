"""The text of the tracker as it is served: `t.js` without comments and indentation."""

import re
from functools import cache
from importlib.resources import files
from typing import Final

_COMMENT_LINES: Final = re.compile(r"^\s*(?://.*|/\*.*\*/)?\n", re.MULTILINE)
_INDENTS_AND_ENDS: Final = re.compile(r"^ +| // .*$", re.MULTILINE)
_NOTICE: Final = "/* Touchline's browser tracker, Apache-2.0 */\n"


def strip_comments(source: str) -> str:
    """Return JavaScript without empty lines, indentation and comments. Line breaks between statements stay.

    Only comments of one line are known: a whole line, or the end of one behind ` // `, which no string may contain.
    """
    return _INDENTS_AND_ENDS.sub("", _COMMENT_LINES.sub("", source))


@cache
def tracker_script() -> bytes:
    """Return the tracker as it is served."""
    source = files("sources.tracker").joinpath("t.js").read_text(encoding="utf-8")
    return (_NOTICE + strip_comments(source)).encode()

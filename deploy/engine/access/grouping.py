"""Parentheses that only group, such as `WHERE (a = 1)`, in statements as the engine's formatter writes them.

The engine's tree of a statement does not record them where they change nothing, its formatted text does.
"""

import re
from typing import Final

# A quoted text or name, a parenthesis, or anything between them.
_TOKEN: Final = re.compile(r"'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`|[()]|[^'`()]+", re.DOTALL)


def without_grouping(text: str) -> str:
    """Return a formatted statement without parentheses that group; those of calls stay.

    The formatter writes those of a call right after its name. All others follow a space or a parenthesis.
    """
    kept: list[str] = []
    groups: list[bool] = []
    for token in _TOKEN.findall(text):
        if token == "(":
            groups.append(not kept or kept[-1][-1] in " \n(")
            if groups[-1]:
                continue
        elif token == ")" and groups and groups.pop():
            continue
        kept.append(token)
    return "".join(kept)

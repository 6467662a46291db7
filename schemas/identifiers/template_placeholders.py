"""Placeholders that a template failed to fill: `{{user.id}}`, `*|EMAIL|*`, `%%email%%`, `${id}`.

All messages of the same broken template carry the same one, so it identifies no person. The delimiters are those of
template languages (Jinja, Liquid, Handlebars, ERB, JSP, Smarty, Velocity, Twig, Razor), of mail tools (Mailchimp
`*|X|*`, Salesforce `%%x%%` and `{!x}`, Eloqua `~~x~~`, Emarsys `$x$`, Zoho `$[x]$`; SendGrid's `-x-` is left out, since
ids look like it), of ad servers' macros (`__X__`, `[X]`, `{x}`), of tag managers, of string formatting (`%(x)s`, `%s`,
`{0}`, Go's `%!s(<nil>)`) and of route parameters (`:id`).
"""

from html import unescape
from re import DOTALL, IGNORECASE
from re import compile as pattern
from typing import Final
from urllib.parse import unquote

_ORDINARY: Final = pattern(r"(?!__)[A-Za-z0-9.+ /_-]*").fullmatch
# Pairs that no id contains: a placeholder anywhere in a value. A value that was cut may have only the first half.
_INSIDE: Final = pattern(
    r"\{\{|\{%|%\}|\{\#|\$!?\{|\#\{|@\{|%\{|\{[!$][\w.]|<%|%>|<\?|\[%|%\]|\[\[.*\]\]|\*\||\|\*|%%[^%]+%%|@@\w+@@"
    r"|\$\([\w. ]+\)|%\(\w+\)[sdif]|\(\(\s*[\w.]+\s*\)\)|<<\s*[\w. ]+\s*>>|«[^»]+»|%![a-z]\(",
    IGNORECASE | DOTALL,
).search
_NAME: Final = r"\s*[A-Za-z_][A-Za-z_. -]*[0-9]?\s*"  # digits in the middle: rather a GUID in braces
_WHOLE: Final = pattern(
    rf"%{_NAME}%|__{_NAME}__|\{{(?:{_NAME}|[0-9]?)\}}|\[{_NAME}\]|<{_NAME}>|\|{_NAME}\||\#\#?{_NAME}\#\#?|~~?{_NAME}~~?"
    rf"|\$\$?{_NAME}\$\$?|\$\[{_NAME}\]\$|\[\*{_NAME}\*\]|!{_NAME}!|@{_NAME}@|\^{_NAME}\^|:[A-Za-z_]+|::[A-Za-z_.]+::|\$!?[A-Za-z_][A-Za-z_.]*[0-9]?|%(?:[0-9]\$)?[sdufi@]"
    r"|(?:async\s+)?function\b.*|.*=>.*",
    DOTALL,
).fullmatch
_TIMES_ENCODED: Final = 2


def is_placeholder(value: str) -> bool:
    """Return whether a trimmed value contains a placeholder, as it is, percent-encoded or with HTML entities."""
    if _ORDINARY(value):
        return False
    for _ in range(_TIMES_ENCODED + 1):
        if _INSIDE(value) or _WHOLE(value):
            return True
        plain = unescape(unquote(value)) if "%" in value or "&" in value else value
        if plain == value:
            return False
        value = plain
    return False

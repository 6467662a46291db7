"""What a read-only request may ask: one statement that reads what is in the engine and nothing else.

The engine's own `readonly` setting is not enough when it is embedded: it still lets a SELECT write INTO OUTFILE, and
lets the function `file` read any file of the machine, however its name is spelt or handed over (`arrayMap(file, ..)`,
`"fi\\x6ce"(..)`, an Identifier parameter). So the text is looked at as well, and what could be read in two ways is
refused. The two hold together; neither is enough alone.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from sinks.engine.statement import Token, first_word, tokens

READS = frozenset({"select", "with", "show", "describe", "desc", "explain", "exists"})

# Table functions that make rows of nothing but the query's own text and the engine's own tables.
HARMLESS_TABLE_FUNCTIONS = frozenset({
    "numbers", "numbers_mt", "zeros", "zeros_mt", "generateseries", "generate_series", "generaterandom", "primes",
    "values", "sqlstandardvalues", "null", "view", "dictionary", "format",
})  # fmt: skip

_WORD = re.compile(rb"[A-Za-z_][A-Za-z0-9_]*")
_PLAIN_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)?")
_SETTING = re.compile(
    r"(max|min|output_format|join|group_by|optimize|use|enable|timeout|query_plan|date_time|session_timezone|final|distinct"
    r"|totals|extremes|prefer|compile|any_join|transform_null|http|send_progress|wait_end|cancel_http|log|priority)(_.*)?"
)
_SETTING_REACHES_OUT = re.compile(r"schema|template|path|file|filter|url|s3|remote|experimental")


@dataclass(frozen=True, slots=True)
class Reach:
    """Names that reach outside, in lower case: table functions (refused when called), functions (refused anywhere)."""

    table_functions: frozenset[str]
    functions: frozenset[str]


def reach_of(table_functions: Iterable[str], functions: Iterable[str]) -> Reach:
    """Sort the names the engine knows: a table function is taken to reach out unless it is known to be harmless."""
    lowered = (name.lower() for name in functions)
    return Reach(
        frozenset(name.lower() for name in table_functions) - HARMLESS_TABLE_FUNCTIONS,
        # `ai..` ask a language model over the network; the addressTo.. ones read the binary.
        frozenset(name for name in lowered if name == "file" or name.startswith(("ai", "addressto", "catboost"))),
    )


def refusal(sql: bytes, parameters: Mapping[str, str], reach: Reach) -> str | None:
    """Return why a read-only request may not run this statement, one sentence; None when it may."""
    word = first_word(sql)
    if word not in READS:
        return f"A read-only request starts with {', '.join(sorted(READS)).upper()}; this one with {word or '?'}."
    seen = list(tokens(sql, comments=True))
    for token in seen:
        if said := _ambiguous(token) or _named(token, reach.functions):
            return said
    read = [token for token in seen if token.kind != "comment"]
    for one, two in pairwise(read):
        if one.word == "into" and two.word == "outfile":
            return "A read-only request may not write INTO OUTFILE."
        if two.text == b"(" and _name(one) in reach.table_functions:
            return f"A read-only request may not reach outside the engine with {_name(one)}()."
    return _bad_identifier(read, parameters, reach)


def setting_refused(name: str) -> bool:
    """Say whether a read-only request may not bring this setting: only size, speed and shape of an answer are free."""
    return not _SETTING.fullmatch(name) or _SETTING_REACHES_OUT.search(name) is not None


def _name(token: Token) -> str:
    return token.text[1:-1].decode("utf-8", "replace").lower() if token.kind == "quoted" else token.word


def _ambiguous(token: Token) -> str | None:
    """Refuse what the engine could read in another way than this module."""
    checks: dict[str, Callable[[bytes], bool]] = {
        "comment": lambda text: b"/*" in text[2:] or (text.startswith(b"/*") and not text.endswith(b"*/")),
        "heredoc": lambda text: True,
        "quoted": lambda text: b"\\" in text,
        "word": lambda text: b"$" in text,
        "sign": lambda text: text in (b"'", b'"', b"`", b"$", b"#") or text < b" " or text > b"~",
    }
    if token.text.startswith(b"#") or (token.kind in checks and checks[token.kind](token.text)):
        shown = token.text[:20].decode("utf-8", "replace")
        return f"A read-only request may not hold {shown!r}: write plain names and '..' strings, no # comments, no $."
    return None


def _named(token: Token, names: frozenset[str]) -> str | None:
    """Refuse the name of a function that reaches out wherever it stands: it can be called without brackets."""
    if token.kind == "comment":
        found = {word.decode().lower() for word in _WORD.findall(token.text)} & names
    else:
        found = {_name(token)} & names
    return (
        f"A read-only request may not hold the name {min(found)}: it is a function that reaches outside."
        if found
        else None
    )


def _bad_identifier(read: list[Token], parameters: Mapping[str, str], reach: Reach) -> str | None:
    """Refuse an Identifier parameter that is not a plain name, or is the name of something that reaches out."""
    for name, colon, kind in zip(read, read[1:], read[2:], strict=False):
        if kind.word != "identifier" or colon.text != b":":
            continue
        value = parameters.get(name.text.decode("utf-8", "replace"), "")
        if not _PLAIN_IDENTIFIER.fullmatch(value) or value.lower() in reach.functions | reach.table_functions:
            return f"A read-only request may not bring {value!r} as an Identifier: bring a plain name."
    return None

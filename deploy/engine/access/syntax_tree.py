"""The syntax tree of a statement, read by the engine's own parser, so that it cannot be read in two ways.

`parseQueryToJSON` gives the tree of statements that select or show. For the kinds it does not know (EXISTS, DESCRIBE,
SHOW CREATE) the engine writes the statement in its own form, and what follows the kind is parsed as that of a SELECT.
A tree counts only when the engine can write the whole statement from it: then nothing of the statement is outside it.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

Node = Mapping[str, object]
Ask = Callable[[str, Mapping[str, str]], list[object]]

STATEMENT_BYTES: Final = 4 << 20
# Of the tree as text: a node takes up to 60 times its place in the statement, and more than that in memory here.
_TREE_BYTES: Final = 16 << 20
_TREE: Final = f"""
    WITH parseQueryToJSON({{sql:String}}) AS tree
    SELECT tree, formatQueryFromJSON(tree) = formatQuerySingleLine({{sql:String}}),
        (SELECT mapFromArrays(groupArray(name), groupArray(engine)) FROM system.databases)
    SETTINGS max_query_size = {_TREE_BYTES}"""
_TEXT: Final = f"SELECT formatQuerySingleLine({{sql:String}}) SETTINGS max_query_size = {STATEMENT_BYTES}"
_NO_TREE: Final = "does not support JSON serialization"

# Kinds without a tree: what stands before their operand in the engine's own form, and how the operand is parsed.
_OPERANDS: Final = (
    (re.compile(r"(?:DESCRIBE|EXISTS|SHOW CREATE) TABLE (.+)", re.DOTALL), "SELECT * FROM {}"),
    (re.compile(r"(?:EXISTS|SHOW CREATE) (?:VIEW|DICTIONARY) (.+)", re.DOTALL), "SELECT * FROM {}"),
    (re.compile(r"(?:EXISTS|SHOW CREATE) DATABASE (.+)", re.DOTALL), "SHOW TABLES FROM {}"),
)
# Kinds without an operand that could be of another database.
_PLAIN: Final = re.compile(
    r"SHOW (?:FUNCTIONS(?: I?LIKE '[^'\\]*')?|ENGINES|SETTING [A-Za-z0-9_]+)(?: FORMAT [A-Za-z0-9]+)?\s*"
)


@dataclass(frozen=True, slots=True)
class Syntax:
    """A statement's tree ({} when it has no part that could name anything) and the engine of each database.

    `selects`: the statement is a SELECT itself; of a DESCRIBE the tree only looks like that of one.
    """

    tree: Node
    engines: Mapping[str, str]
    selects: bool = False


class NoTreeError(Exception):
    """The statement is of a kind whose tree cannot be read, so a read-only user may not run it."""


def read_syntax(ask: Ask, sql: str) -> Syntax:
    """Parse one statement. `ask` runs a query with parameters and returns its one row; it raises RuntimeError.

    NoTreeError for a statement of a kind that has no tree; RuntimeError for one that does not parse.
    """
    try:
        syntax = _parse(ask, sql)
        return replace(syntax, selects=syntax.tree.get("type") == "SelectWithUnionQuery")
    except RuntimeError as error:
        if _NO_TREE not in str(error):
            raise
    written = str(ask(_TEXT, {"sql": sql})[0])
    if _PLAIN.fullmatch(written):
        return Syntax({}, _parse(ask, "SELECT 1").engines)
    for kind, form in _OPERANDS:
        if found := kind.fullmatch(written):
            return _parse(ask, form.format(found[1]))
    raise NoTreeError(" ".join(written.split()[:3]))


def _parse(ask: Ask, sql: str) -> Syntax:
    text, whole, engines = ask(_TREE, {"sql": sql})
    try:
        tree = json.loads(str(text))
    except RecursionError as error:
        raise NoTreeError("statement nested so deeply") from error
    if not whole or not isinstance(tree, dict) or not isinstance(engines, dict):
        raise NoTreeError("statement of this form")
    return Syntax(tree, engines)

"""The syntax tree of a statement from the engine's own parser, so that check and execution read it alike.

`parseQueryToJSON` returns the tree of statements that select or show. Other kinds (EXISTS, DESCRIBE, SHOW CREATE) are
written by the engine in its own form, and their operand is parsed as that of a SELECT. A tree is used only if the
engine can write the whole statement from it, so that nothing of the statement is outside the tree; parentheses that
only group may be missing.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from deploy.engine.access.grouping import without_grouping

Node = Mapping[str, object]
QueryRow = Callable[[str, Mapping[str, str]], list[object]]

STATEMENT_BYTES: Final = 4 << 20
# The tree as text: a node takes up to 60 times its size in the statement, and even more in memory here.
_TREE_BYTES: Final = 16 << 20
_ENGINES: Final = "SELECT mapFromArrays(groupArray(name), groupArray(engine)) FROM system.databases"
_TREE: Final = f"""
    WITH
        parseQueryToJSON({{sql:String}}) AS tree,
        formatQueryFromJSON(tree) AS of_tree,
        formatQuerySingleLine({{sql:String}}) AS written
    SELECT tree, if(of_tree = written, '', of_tree), if(of_tree = written, '', written),
        ({_ENGINES})
    SETTINGS max_query_size = {_TREE_BYTES}"""
_TEXT: Final = f"SELECT formatQuerySingleLine({{sql:String}}) SETTINGS max_query_size = {STATEMENT_BYTES}"
_NO_TREE: Final = "does not support JSON serialization"

# Kinds without a tree: their text before the operand in the engine's form, and how the operand is parsed.
_OPERANDS: Final = (
    (re.compile(r"(?:DESCRIBE|EXISTS|SHOW CREATE) TABLE (.+)", re.DOTALL), "SELECT * FROM {}"),
    (re.compile(r"(?:EXISTS|SHOW CREATE) (?:VIEW|DICTIONARY) (.+)", re.DOTALL), "SELECT * FROM {}"),
    (re.compile(r"(?:EXISTS|SHOW CREATE) DATABASE (.+)", re.DOTALL), "SHOW TABLES FROM {}"),
)
# Kinds whose operand cannot name a database.
_PLAIN: Final = re.compile(
    r"SHOW (?:FUNCTIONS(?: I?LIKE '[^'\\]*')?|ENGINES|SETTING [A-Za-z0-9_]+)(?: FORMAT [A-Za-z0-9]+)?\s*"
)


@dataclass(frozen=True, slots=True)
class Syntax:
    """A statement's tree ({} if it has no part that can name anything) and the engine of each database.

    `selects` means that the statement itself is a SELECT; the tree of a DESCRIBE only looks like one.
    """

    tree: Node
    engines: Mapping[str, str]
    selects: bool = False


class NoTreeError(Exception):
    """The statement's tree cannot be read, so a read-only user may not run it."""


def read_syntax(ask: QueryRow, sql: str) -> Syntax:
    """Parse one statement. `ask` runs a query with parameters and returns its one row; it raises RuntimeError.

    Raises NoTreeError for a kind without a tree, and RuntimeError for a statement that does not parse.
    """
    try:
        syntax = _parse(ask, sql)
        return replace(syntax, selects=syntax.tree.get("type") == "SelectWithUnionQuery")
    except RuntimeError as error:
        if _NO_TREE not in str(error):
            raise
    written = str(ask(_TEXT, {"sql": sql})[0])
    if _PLAIN.fullmatch(written):
        return Syntax({}, read_engines(ask))
    for kind, form in _OPERANDS:
        if found := kind.fullmatch(written):
            return _parse(ask, form.format(found[1]))
    raise NoTreeError(" ".join(written.split()[:3]))


def read_engines(ask: QueryRow) -> Mapping[str, str]:
    """Return the engine of each database."""
    (engines,) = ask(_ENGINES, {})
    assert isinstance(engines, dict), "a map in JSON"
    return engines


def _parse(ask: QueryRow, sql: str) -> Syntax:
    text, of_tree, written, engines = ask(_TREE, {"sql": sql})
    # The tree must have everything that the statement has, apart from parentheses that only group.
    whole = without_grouping(str(of_tree)) == without_grouping(str(written))
    try:
        tree = json.loads(str(text))
    except RecursionError as error:
        raise NoTreeError("statement nested so deeply") from error
    if not whole or not isinstance(tree, dict) or not isinstance(engines, dict):
        raise NoTreeError("statement of this form")
    return Syntax(tree, engines)

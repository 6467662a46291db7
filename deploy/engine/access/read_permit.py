"""May a read-only user run this statement, and where: the database it runs in, the settings that hold beside it."""

from collections.abc import Mapping
from dataclasses import dataclass

from deploy.engine.access.allow_lists import Reach, table_filters
from deploy.engine.access.read_only import FIRST_WORDS, Reason, Refusal, Scope, hidden, ordinary, refusal
from deploy.engine.access.syntax_tree import Ask, Node, NoTreeError, read_syntax
from deploy.engine.access.tokenizer import first_word, result_format


@dataclass(frozen=True, slots=True)
class Permit:
    """The current database to run the statement in, and settings to run it with.

    `format` is what the statement itself names, "" for none, and `tree` its syntax tree if it is a SELECT.
    """

    database: str
    settings: Mapping[str, str]
    format: str
    tree: Node | None


def read_permit(
    ask: Ask, sql: str, database: str, home: str, parameters: Mapping[str, str], reach: Reach
) -> Permit | Refusal:
    """Judge one statement of a read-only user who asks in `database`, or in his `home` when that is "".

    A home that cannot be read (it is not there yet, or it is `default`) is replaced by `system`, never by `default`:
    there a bare name of a table is the path of a file. RuntimeError for a statement that does not parse.
    """
    if first_word(sql.encode()) not in FIRST_WORDS:
        return Refusal(Reason.ACTION, f"A read-only statement begins with {', '.join(sorted(FIRST_WORDS)).upper()}.")
    try:
        syntax = read_syntax(ask, sql)
    except NoTreeError as error:
        return Refusal(Reason.ACTION, f"A read-only user may not run this {error}.")
    scope = Scope(database or home, syntax.engines, parameters, reach)
    if not scope.opens_database(scope.current):
        if database:
            return hidden(database)
        scope = Scope("system", syntax.engines, parameters, reach)
    found = refusal(syntax.tree, scope)
    if found:
        return found
    filters = table_filters(ordinary(syntax.engines))
    tree = syntax.tree if syntax.selects else None
    return Permit(scope.current, {"additional_table_filters": filters}, _format(syntax.tree, sql), tree)


def _format(tree: Node, sql: str) -> str:
    named = tree.get("format_ast")
    if isinstance(named, dict):
        return str(named.get("name", ""))
    return "" if tree else result_format(sql.encode()) or ""

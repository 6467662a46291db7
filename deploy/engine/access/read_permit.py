"""Permits for read-only statements: the database to run in, and the settings to run with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from deploy.engine.access.allow_lists import ClosedNames, table_filters
from deploy.engine.access.read_only import (
    FIRST_WORDS,
    ReadRefusal,
    RefusalReason,
    Scope,
    readable_databases,
    refuse_database,
    refuse_tree,
)
from deploy.engine.access.syntax_tree import Node, NoTreeError, Syntax
from deploy.engine.access.tokenizer import first_word, result_format


@dataclass(frozen=True, slots=True)
class ReadPermit:
    """The current database for the statement, and its settings.

    `format` is the one that the statement names, "" for none; `tree` is its syntax tree if it is a SELECT.
    """

    database: str
    settings: Mapping[str, str]
    format: str
    tree: Node | None


def permit_read(
    read: Callable[[str], Syntax],
    sql: str,
    database: str,
    home: str,
    parameters: Mapping[str, str],
    closed: ClosedNames,
) -> ReadPermit | ReadRefusal:
    """Check one statement of a read-only user in `database`, or in the user's `home` if that is "".

    `read` returns the syntax of a statement, or raises NoTreeError.

    A home that cannot be read (it does not exist yet, or is `default`) is replaced by `system`, never by `default`,
    where a bare table name is the path of a file. Raises RuntimeError for a statement that does not parse.
    """
    if first_word(sql.encode()) not in FIRST_WORDS:
        return ReadRefusal(
            RefusalReason.ACTION, f"A read-only statement begins with {', '.join(sorted(FIRST_WORDS)).upper()}."
        )
    try:
        syntax = read(sql)
    except NoTreeError as error:
        return ReadRefusal(RefusalReason.ACTION, f"A read-only user may not run this {error}.")
    scope = Scope(database or home, syntax.engines, parameters, closed)
    if not scope.opens_database(scope.current):
        if database:
            return refuse_database(database)
        scope = Scope("system", syntax.engines, parameters, closed)
    found = refuse_tree(syntax.tree, scope)
    if found:
        return found
    filters = table_filters(readable_databases(syntax.engines))
    tree = syntax.tree if syntax.selects else None
    return ReadPermit(scope.current, {"additional_table_filters": filters}, _format(syntax.tree, sql), tree)


def _format(tree: Node, sql: str) -> str:
    named = tree.get("format_ast")
    if isinstance(named, dict):
        return str(named.get("name", ""))
    return "" if tree else result_format(sql.encode()) or ""

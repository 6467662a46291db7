"""Checks that a read-only statement reads the engine's own tables and nothing else.

The check walks the statement's syntax tree. Every kind of node, every function and every table must be known to be
harmless; anything else is refused. The engine's `readonly` setting applies as well, but is not enough in an embedded
engine: it lets a SELECT write INTO OUTFILE, lets `file()` read any file, and chDB's database `default` takes every name
of a table for the path of a file.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

from deploy.engine.access.allow_lists import (
    HARMLESS_TABLE_FUNCTIONS,
    INFORMATION_SCHEMA,
    ORDINARY_ENGINES,
    SYSTEM_TABLES,
    ClosedNames,
)
from deploy.engine.access.syntax_tree import Node

# Required because the engine also accepts `1` as a statement: a SELECT without the keyword.
FIRST_WORDS: Final = frozenset({"select", "with", "show", "describe", "desc", "explain", "exists"})
_STATEMENTS: Final = frozenset({
    "SelectQuery", "SelectWithUnionQuery", "SelectIntersectExceptQuery", "ShowTablesQuery", "ShowColumnsQuery",
    "ShowIndexesQuery", "ExplainQuery", "SetQuery",
})  # fmt: skip
_NODES: Final = _STATEMENTS | {
    "ArrayJoin", "Asterisk", "Collation", "ColumnsApplyTransformer", "ColumnsExceptTransformer", "ColumnsListMatcher",
    "ColumnsRegexpMatcher", "ColumnsReplaceTransformer", "ColumnsReplaceTransformerReplacement",
    "ColumnsTransformerList", "DataType", "ExpressionList", "Function", "Identifier", "InterpolateElement", "Literal",
    "NameTypePair", "OrderByElement", "QualifiedAsterisk", "QualifiedColumnsListMatcher",
    "QualifiedColumnsRegexpMatcher", "QueryParameter", "SampleRatio", "Subquery", "TableExpression", "TableIdentifier",
    "TableJoin", "TablesInSelectQuery", "TablesInSelectQueryElement", "WindowDefinition", "WindowListElement",
    "WithElement",
}  # fmt: skip
_EXPLAINS: Final = frozenset({
    "EXPLAIN", "EXPLAIN AST", "EXPLAIN SYNTAX", "EXPLAIN QUERY TREE", "EXPLAIN PIPELINE", "EXPLAIN ESTIMATE",
})  # fmt: skip
_OTHER_SHOWS: Final = ("caches", "clusters", "cluster", "merges")

_PLAIN_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)?")
_SETTING = re.compile(
    r"(max|min|output_format|join|group_by|optimize|use|enable|timeout|query_plan|date_time|session_timezone|final|distinct"
    r"|totals|extremes|prefer|compile|any_join|transform_null|http|send_progress|wait_end|cancel_http|log|priority)(_.*)?"
)
# Settings of inserts, which ClickHouse's driver for Java sends with every query. They do not affect a query: those of
# a read-only request are left out, not refused.
INSERT_SETTINGS: Final = frozenset({"async_insert", "wait_for_async_insert"})
_OUTSIDE_SETTING = re.compile(r"schema|template|path|file|filter|url|s3|remote|experimental")


class RefusalReason(Enum):
    """Why a statement is refused: for what it does, or because the reader may not know the database it names."""

    ACTION = "action"
    DATABASE = "database"


@dataclass(frozen=True, slots=True)
class ReadRefusal:
    """The reason of a refusal, and a sentence for the user."""

    reason: RefusalReason
    why: str


@dataclass(frozen=True, slots=True)
class Scope:
    """How names of a statement are resolved: current database, engine by database, the request's parameters."""

    current: str
    engines: Mapping[str, str]
    parameters: Mapping[str, str]
    closed: ClosedNames

    def readable(self) -> frozenset[str]:
        """Return the databases of which all tables may be read."""
        return readable_databases(self.engines)

    def opens_database(self, name: str) -> bool:
        """Return whether a read-only user may name this database."""
        return name in self.readable() or name == "system" or name.lower() == "information_schema"

    def opens_table(self, database: str, table: str) -> bool:
        """Return whether a read-only user may read this table; database "" is the current one."""
        database = database or self.current
        if database == "system":
            return table in SYSTEM_TABLES
        if database.lower() == "information_schema":
            return table.lower() in INFORMATION_SCHEMA
        return database in self.readable()


def readable_databases(engines: Mapping[str, str]) -> frozenset[str]:
    """Return the names of the databases with an engine that holds only its own tables."""
    return frozenset(name for name, engine in engines.items() if engine in ORDINARY_ENGINES and name != "default")


def refuse_tree(tree: Node, scope: Scope) -> ReadRefusal | None:
    """Return why a read-only request may not run the statement; None when it may."""
    waiting: list[object] = [tree] if tree else []
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting.extend(node)
        elif isinstance(node, dict):
            if found := _refuse_node(node, scope):
                return found
            if node.get("type") not in ("Literal", "SetQuery"):
                waiting.extend(value for value in node.values() if isinstance(value, dict | list))
    return None


def is_closed_setting(name: str) -> bool:
    """Return whether a setting is closed to read-only requests; those for size, speed and format of answers are not."""
    return not _SETTING.fullmatch(name) or _OUTSIDE_SETTING.search(name) is not None


def _refuse_node(node: Node, scope: Scope) -> ReadRefusal | None:
    """Return why this node, without its children, is refused; None when it is not."""
    kind = node.get("type")
    if kind not in _NODES:
        return _refuse_action(f"may not run or contain {_words(kind)}")
    if node.get("out_file") is not None:
        return _refuse_action("may not write INTO OUTFILE")
    match kind:
        case "TableIdentifier":
            return _refuse_table(_parts(node, scope), scope)
        case "Identifier":
            return _refuse_identifier(_parts(node, scope), scope)
        case "Function" | "ColumnsApplyTransformer":
            return _refuse_function(str(node.get("name") or node.get("func_name") or ""), scope)
        case "TableExpression":
            return _refuse_table_function(node.get("table_function"), scope)
        case "QueryParameter":
            return _refuse_parameter(node, scope)
        case "ShowTablesQuery":
            return _refuse_show(node, scope)
        case "ShowColumnsQuery" | "ShowIndexesQuery":
            named = (node.get("database"), node.get("table"))
            return _refuse_table([part for part in named if isinstance(part, str) and part], scope)
        case "ExplainQuery" if node.get("kind") not in _EXPLAINS:
            return _refuse_action(f"may not run {_words(node.get('kind'))}")
    return None


def _parts(node: Node, scope: Scope) -> list[str]:
    """Return the parts of a compound name, parameters replaced by their values."""
    named = node.get("name_parts")
    parts = [str(part) for part in named] if isinstance(named, list) else [str(node.get("name", ""))]
    values = _values(node, scope)
    if len(parts) == 1 and not parts[0]:
        return next(values, "").split(".")
    return [part or next(values, "") for part in parts]


def _values(node: Node, scope: Scope) -> Iterator[str]:
    below = node.get("children")
    for child in below if isinstance(below, list) else []:
        if isinstance(child, dict) and child.get("type") == "QueryParameter":
            yield scope.parameters.get(str(child.get("name")), "")


def _refuse_table(parts: list[str], scope: Scope) -> ReadRefusal | None:
    database, table = (parts[0], ".".join(parts[1:])) if len(parts) > 1 else ("", parts[0] if parts else "")
    if scope.opens_table(database, table):
        return None
    if scope.opens_database(database or scope.current):
        return _refuse_action(f"may not read {database or scope.current}.{table}")
    return refuse_database(database or scope.current)


def _refuse_identifier(parts: list[str], scope: Scope) -> ReadRefusal | None:
    """Check a column's name, which may be that of a table: `x IN system.users`, `default.t.column`."""
    if len(parts) == 1:
        if parts[0].lower() in scope.closed.bare_names:
            return _refuse_action(f"may not hold the name {parts[0]}: it is a function that reaches outside")
        # In `system` a bare name may be that of a closed table.
        return (
            _refuse_table(parts, scope)
            if scope.current == "system" and parts[0] in scope.closed.system_tables
            else None
        )
    known = parts[0] in scope.engines or parts[0].lower() == "information_schema"
    return _refuse_table(parts[:2], scope) if known else None


def _refuse_function(name: str, scope: Scope) -> ReadRefusal | None:
    if name.lower() in scope.closed.functions:
        return _refuse_action(f"may not reach outside the engine with {name}()")
    return None


def _refuse_table_function(node: object, scope: Scope) -> ReadRefusal | None:
    """Check a table function: it must be known as harmless, or be the name of a view with parameters."""
    if not isinstance(node, dict):
        return None
    name = str(node.get("name", ""))
    if name.lower() in HARMLESS_TABLE_FUNCTIONS:
        return None
    bare_in_system = scope.current == "system" and "." not in name
    if name.lower() in scope.closed.table_functions | scope.closed.functions or bare_in_system:
        return _refuse_action(f"may not reach outside the engine with {name}()")
    return _refuse_table(name.split(".", 1), scope)


def _refuse_parameter(node: Node, scope: Scope) -> ReadRefusal | None:
    """Check an Identifier parameter: it must be a plain name of nothing that reaches outside."""
    if "identifier" not in str(node.get("param_type", "")).lower():
        return None
    value = scope.parameters.get(str(node.get("name")), "")
    if not _PLAIN_IDENTIFIER.fullmatch(value):
        return _refuse_action(f"may not pass {value!r} as an Identifier: pass a plain name")
    if value.lower() in scope.closed.bare_names:
        return _refuse_action(f"may not hold the name {value}: it is a function that reaches outside")
    return _refuse_identifier(value.split("."), scope)


def _refuse_show(node: Node, scope: Scope) -> ReadRefusal | None:
    if any(node.get(flag) for flag in _OTHER_SHOWS):
        return _refuse_action("may not SHOW more than databases, tables, dictionaries and settings")
    source = node.get("from")
    name = ".".join(_parts(source, scope)) if isinstance(source, dict) else scope.current
    return None if scope.opens_database(name) else refuse_database(name)


def refuse_database(database: str) -> ReadRefusal:
    """Return the refusal of a database, with the same sentence whether it exists or not."""
    return ReadRefusal(
        RefusalReason.DATABASE, f"Database {database} does not exist, or a read-only user may not read it."
    )


def _refuse_action(what: str) -> ReadRefusal:
    return ReadRefusal(RefusalReason.ACTION, f"A read-only user {what}.")


def _words(kind: object) -> str:
    """Return a node's type as words: InsertQuery -> INSERT QUERY."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", str(kind)).upper()

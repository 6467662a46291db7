"""What a read-only request may ask: one statement that reads the engine's own tables and nothing else.

The statement's syntax tree decides. Every kind of node, every function and every table must be known to be harmless;
what is not known is refused. The engine's `readonly` setting holds beside this, but alone it is not enough when the
engine is embedded: it lets a SELECT write INTO OUTFILE, lets `file()` read any file, and chDB's database `default`
takes every name of a table for the path of a file.
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
    Reach,
)
from deploy.engine.access.syntax_tree import Node

# The engine takes `1` for a statement, too: a SELECT without its word.
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
_SHOWS_OTHERS: Final = ("caches", "clusters", "cluster", "merges")

_PLAIN_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)?")
_SETTING = re.compile(
    r"(max|min|output_format|join|group_by|optimize|use|enable|timeout|query_plan|date_time|session_timezone|final|distinct"
    r"|totals|extremes|prefer|compile|any_join|transform_null|http|send_progress|wait_end|cancel_http|log|priority)(_.*)?"
)
_SETTING_REACHES_OUT = re.compile(r"schema|template|path|file|filter|url|s3|remote|experimental")


class Reason(Enum):
    """Why a statement is refused: it does something, or it names a database that is not there for the reader."""

    ACTION = "action"
    DATABASE = "database"


@dataclass(frozen=True, slots=True)
class Refusal:
    """The reason, and a sentence for the person who asked."""

    reason: Reason
    why: str


@dataclass(frozen=True, slots=True)
class Scope:
    """What the names of a statement mean: the current database, every database's engine, the request's parameters."""

    current: str
    engines: Mapping[str, str]
    parameters: Mapping[str, str]
    reach: Reach

    def readable(self) -> frozenset[str]:
        """Return the databases that may be read with all their tables."""
        return ordinary(self.engines)

    def opens_database(self, name: str) -> bool:
        """Say whether a read-only user may name this database at all."""
        return name in self.readable() or name == "system" or name.lower() == "information_schema"

    def opens_table(self, database: str, table: str) -> bool:
        """Say whether a read-only user may read this table; database "" is the current one."""
        database = database or self.current
        if database == "system":
            return table in SYSTEM_TABLES
        if database.lower() == "information_schema":
            return table.lower() in INFORMATION_SCHEMA
        return database in self.readable()


def ordinary(engines: Mapping[str, str]) -> frozenset[str]:
    """Return the names of databases that hold nothing but tables of their own."""
    return frozenset(name for name, engine in engines.items() if engine in ORDINARY_ENGINES and name != "default")


def refusal(tree: Node, scope: Scope) -> Refusal | None:
    """Return why a read-only request may not run the statement of this tree; None when it may."""
    waiting: list[object] = [tree] if tree else []
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting.extend(node)
        elif isinstance(node, dict):
            if found := _judge(node, scope):
                return found
            if node.get("type") not in ("Literal", "SetQuery"):
                waiting.extend(value for value in node.values() if isinstance(value, dict | list))
    return None


def setting_refused(name: str) -> bool:
    """Say whether a read-only request may not bring this setting: only size, speed and shape of an answer are free."""
    return not _SETTING.fullmatch(name) or _SETTING_REACHES_OUT.search(name) is not None


def _judge(node: Node, scope: Scope) -> Refusal | None:
    """Judge one node without those below it."""
    kind = node.get("type")
    if kind not in _NODES:
        return _action(f"may not run or contain {_words(kind)}")
    if node.get("out_file") is not None:
        return _action("may not write INTO OUTFILE")
    match kind:
        case "TableIdentifier":
            return _table(_parts(node, scope), scope)
        case "Identifier":
            return _identifier(_parts(node, scope), scope)
        case "Function" | "ColumnsApplyTransformer":
            return _function(str(node.get("name") or node.get("func_name") or ""), scope)
        case "TableExpression":
            return _table_function(node.get("table_function"), scope)
        case "QueryParameter":
            return _parameter(node, scope)
        case "ShowTablesQuery":
            return _shown(node, scope)
        case "ShowColumnsQuery" | "ShowIndexesQuery":
            named = (node.get("database"), node.get("table"))
            return _table([part for part in named if isinstance(part, str) and part], scope)
        case "ExplainQuery" if node.get("kind") not in _EXPLAINS:
            return _action(f"may not run {_words(node.get('kind'))}")
    return None


def _parts(node: Node, scope: Scope) -> list[str]:
    """Return the parts of a compound name, those given by parameters with their values."""
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


def _table(parts: list[str], scope: Scope) -> Refusal | None:
    database, table = (parts[0], ".".join(parts[1:])) if len(parts) > 1 else ("", parts[0] if parts else "")
    if scope.opens_table(database, table):
        return None
    if scope.opens_database(database or scope.current):
        return _action(f"may not read {database or scope.current}.{table}")
    return hidden(database or scope.current)


def _identifier(parts: list[str], scope: Scope) -> Refusal | None:
    """Judge the name of a column, which may be that of a table: `x IN system.users`, `default.t.column`."""
    if len(parts) == 1:
        if parts[0].lower() in scope.reach.closed_names:
            return _action(f"may not hold the name {parts[0]}: it is a function that reaches outside")
        # In `system` a bare name could be that of a closed table.
        return _table(parts, scope) if scope.current == "system" and parts[0] in scope.reach.system_tables else None
    known = parts[0] in scope.engines or parts[0].lower() == "information_schema"
    return _table(parts[:2], scope) if known else None


def _function(name: str, scope: Scope) -> Refusal | None:
    if name.lower() in scope.reach.closed:
        return _action(f"may not reach outside the engine with {name}()")
    return None


def _table_function(node: object, scope: Scope) -> Refusal | None:
    """Judge a table function: known to be harmless, or the name of a view with parameters."""
    if not isinstance(node, dict):
        return None
    name = str(node.get("name", ""))
    if name.lower() in HARMLESS_TABLE_FUNCTIONS:
        return None
    bare_in_system = scope.current == "system" and "." not in name
    if name.lower() in scope.reach.known_tables | scope.reach.closed or bare_in_system:
        return _action(f"may not reach outside the engine with {name}()")
    return _table(name.split(".", 1), scope)


def _parameter(node: Node, scope: Scope) -> Refusal | None:
    """Judge an Identifier parameter: a plain name, that of nothing that reaches outside."""
    if "identifier" not in str(node.get("param_type", "")).lower():
        return None
    value = scope.parameters.get(str(node.get("name")), "")
    if not _PLAIN_IDENTIFIER.fullmatch(value):
        return _action(f"may not bring {value!r} as an Identifier: bring a plain name")
    if value.lower() in scope.reach.closed_names:
        return _action(f"may not hold the name {value}: it is a function that reaches outside")
    return _identifier(value.split("."), scope)


def _shown(node: Node, scope: Scope) -> Refusal | None:
    if any(node.get(flag) for flag in _SHOWS_OTHERS):
        return _action("may not SHOW more than databases, tables, dictionaries and settings")
    source = node.get("from")
    name = ".".join(_parts(source, scope)) if isinstance(source, dict) else scope.current
    return None if scope.opens_database(name) else hidden(name)


def hidden(database: str) -> Refusal:
    """Refuse a database in the same words whether it is there or not."""
    return Refusal(Reason.DATABASE, f"Database {database} does not exist, or a read-only user may not read it.")


def _action(what: str) -> Refusal:
    return Refusal(Reason.ACTION, f"A read-only user {what}.")


def _words(kind: object) -> str:
    """Write a node's type as words: InsertQuery -> INSERT QUERY."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", str(kind)).upper()

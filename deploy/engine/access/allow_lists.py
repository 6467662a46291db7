"""The functions, table functions and system tables that are open to a read-only user.

Everything that is not listed here as harmless is closed. Names of functions are compared in lower case, because many
of them are case-insensitive in the engine.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from deploy.engine.access.infile import quote

# Table functions that make rows only of the query's own text and of the tables in its arguments.
HARMLESS_TABLE_FUNCTIONS: Final = frozenset({
    "numbers", "numbers_mt", "zeros", "zeros_mt", "generateseries", "generate_series", "generaterandom", "primes",
    "values", "sqlstandardvalues", "null", "view", "format",
})  # fmt: skip

# Engines of databases with tables of their own. Others reach outside, such as chDB's `default`, an Overlay whose
# tables are the files of the machine.
ORDINARY_ENGINES: Final = frozenset({"Atomic", "Ordinary"})

# Tables of `system` that name databases, and the column by which rows of closed databases are filtered out.
FILTERED_SYSTEM_TABLES: Final = {
    "databases": "name",
    **dict.fromkeys(
        ("columns", "constraints", "data_skipping_indices", "detached_parts", "mutations", "parts", "parts_columns",
         "projections", "tables"),
        "database",
    ),
}  # fmt: skip

# Without those that show queries of others (processes, query_cache), users and rights, or the machine (disks).
SYSTEM_TABLES: Final = frozenset(FILTERED_SYSTEM_TABLES) | {
    "aggregate_function_combinators", "build_options", "collations", "data_type_families", "database_engines",
    "formats", "functions", "keywords", "merge_tree_settings", "numbers", "numbers_mt", "one", "settings",
    "table_engines", "table_functions", "time_zones", "zeros", "zeros_mt",
}  # fmt: skip

# The views of information_schema, which read the filtered tables of `system`.
INFORMATION_SCHEMA: Final = frozenset({
    "character_sets", "collations", "columns", "engines", "key_column_usage", "referential_constraints", "schemata",
    "statistics", "tables", "views",
})  # fmt: skip

_CLOSED_CATEGORIES: Final = frozenset({"AI", "Dictionary", "Embedded Dictionary", "Introspection"})
# They read files (file, naiveBayes..), take the name of a table as text (joinGet, hasColumnInTable), or disclose the
# server or the request (getMacro, hostName, getClientHTTPHeader). displayName() is open: clients such as clickhouse-go
# ask for it first, and it returns the name that database.py gives the engine, not that of the machine.
_CLOSED_FUNCTIONS: Final = frozenset({
    "__getscalar", "currenthandler", "currentrequesturl", "evalmlmethod", "file", "filesystemavailable",
    "filesystemcapacity", "filesystemunreserved", "fqdn", "getclienthttpheader", "getmacro",
    "getmaxtablenamelengthfordatabase", "getmergetreesetting", "getoskernelversion", "getserverport",
    "getserversetting", "hascolumnintable", "hostname", "joinget", "joingetornull", "serveruuid", "showcertificate",
    "tcpport", "zookeepersessionuptime",
})  # fmt: skip
_CLOSED_STARTS: Final = ("ai", "addressto", "catboost", "dict", "naivebayesclassifier")
# Closed functions whose names are common names of columns; as functions they disclose little.
_COLUMN_NAMES: Final = frozenset({"hostname", "fqdn", "fullhostname", "tid"})


@dataclass(frozen=True, slots=True)
class ClosedNames:
    """Names in lower case. `table_functions` are all of them; a call of a `functions` member is refused anywhere.

    `bare_names` are refused as names, too, because a function can be passed by name, as in `arrayMap(file, ..)`.
    `system_tables` are all tables of the database `system`, in their own spelling.
    """

    table_functions: frozenset[str]
    functions: frozenset[str]
    bare_names: frozenset[str]
    system_tables: frozenset[str] = frozenset()


def closed_names(
    table_functions: Iterable[str], functions: Iterable[tuple[str, str, str]], system_tables: Iterable[str] = ()
) -> ClosedNames:
    """Return which of the engine's names are closed; `functions` are (name, "" or the name it aliases, category)."""
    known = [(name.lower(), alias_of.lower(), category) for name, alias_of, category in functions]
    closed = {name for name, _, category in known if category in _CLOSED_CATEGORIES or _is_closed(name)}
    closed |= {name for name, alias_of, _ in known if alias_of in closed or _is_closed(alias_of)}
    known_tables = frozenset(name.lower() for name in table_functions)
    closed_tables = known_tables - HARMLESS_TABLE_FUNCTIONS - {name for name, _, _ in known if name not in closed}
    return ClosedNames(
        known_tables, frozenset(closed | closed_tables), frozenset(closed - _COLUMN_NAMES), frozenset(system_tables)
    )


def _is_closed(name: str) -> bool:
    return name in _CLOSED_FUNCTIONS or name.startswith(_CLOSED_STARTS)


def table_filters(readable: Iterable[str]) -> str:
    """Return the setting `additional_table_filters` that hides all other databases in the tables of `system`."""
    names = ", ".join(quote(name) for name in sorted(readable))
    conditions = {table: f"{column} IN ({names})" for table, column in FILTERED_SYSTEM_TABLES.items()}
    return "{" + ", ".join(f"'system.{table}': {quote(text)}" for table, text in conditions.items()) + "}"

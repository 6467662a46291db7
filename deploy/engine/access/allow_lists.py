"""What of the engine is open to a read-only user: its functions, its table functions, its own tables.

What is not named here, or not known to be harmless, is closed. Names of functions are compared in lower case, because
the engine knows many of them in any case.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from deploy.engine.access.infile import quoted

# Table functions that make rows of nothing but the query's own text and the tables its arguments name.
HARMLESS_TABLE_FUNCTIONS: Final = frozenset({
    "numbers", "numbers_mt", "zeros", "zeros_mt", "generateseries", "generate_series", "generaterandom", "primes",
    "values", "sqlstandardvalues", "null", "view", "format",
})  # fmt: skip

# Engines of databases that hold tables of their own. Others reach outside, such as chDB's `default`:
# an Overlay whose tables are the files of the machine.
ORDINARY_ENGINES: Final = frozenset({"Atomic", "Ordinary"})

# Tables of `system` that name databases: the column to filter by, so that they show only what may be read.
FILTERED_SYSTEM_TABLES: Final = {
    "databases": "name",
    **dict.fromkeys(
        ("columns", "constraints", "data_skipping_indices", "detached_parts", "mutations", "parts", "parts_columns",
         "projections", "tables"),
        "database",
    ),
}  # fmt: skip

# Neither other people's queries (processes, query_cache), nor users and rights, nor the machine (disks).
SYSTEM_TABLES: Final = frozenset(FILTERED_SYSTEM_TABLES) | {
    "aggregate_function_combinators", "build_options", "collations", "data_type_families", "database_engines",
    "formats", "functions", "keywords", "merge_tree_settings", "numbers", "numbers_mt", "one", "settings",
    "table_engines", "table_functions", "time_zones", "zeros", "zeros_mt",
}  # fmt: skip

# The views of information_schema, which show what `system`'s filtered tables show.
INFORMATION_SCHEMA: Final = frozenset({
    "character_sets", "collations", "columns", "engines", "key_column_usage", "referential_constraints", "schemata",
    "statistics", "tables", "views",
})  # fmt: skip

_CLOSED_CATEGORIES: Final = frozenset({"AI", "Dictionary", "Embedded Dictionary", "Introspection"})
# They read files (file, naiveBayes..), take the name of a table as text (joinGet, hasColumnInTable), or tell of the
# server and of the request that asks (getMacro, hostName, getClientHTTPHeader).
_CLOSED_FUNCTIONS: Final = frozenset({
    "__getscalar", "currenthandler", "currentrequesturl", "displayname", "evalmlmethod", "file", "filesystemavailable",
    "filesystemcapacity", "filesystemunreserved", "fqdn", "getclienthttpheader", "getmacro",
    "getmaxtablenamelengthfordatabase", "getmergetreesetting", "getoskernelversion", "getserverport",
    "getserversetting", "hascolumnintable", "hostname", "joinget", "joingetornull", "serveruuid", "showcertificate",
    "tcpport", "zookeepersessionuptime",
})  # fmt: skip
_CLOSED_STARTS: Final = ("ai", "addressto", "catboost", "dict", "naivebayesclassifier")
# Closed functions whose names are common names of columns; as functions they disclose little.
_COLUMN_NAMES: Final = frozenset({"displayname", "hostname", "fqdn", "fullhostname", "tid"})


@dataclass(frozen=True, slots=True)
class Reach:
    """Names in lower case. `known_tables` are all table functions; what is `closed` is refused wherever it is called.

    `closed_names` are refused as bare names, too: a function can be handed over by name, as in `arrayMap(file, ..)`.
    `system_tables` are all tables of the database `system`, as they are written.
    """

    known_tables: frozenset[str]
    closed: frozenset[str]
    closed_names: frozenset[str]
    system_tables: frozenset[str] = frozenset()


def reach_of(
    table_functions: Iterable[str], functions: Iterable[tuple[str, str, str]], system_tables: Iterable[str] = ()
) -> Reach:
    """Sort the engine's names; `functions` are (name, the name it is an alias of or "", categories)."""
    known = [(name.lower(), alias_of.lower(), category) for name, alias_of, category in functions]
    closed = {name for name, _, category in known if category in _CLOSED_CATEGORIES or _is_closed(name)}
    closed |= {name for name, alias_of, _ in known if alias_of in closed or _is_closed(alias_of)}
    known_tables = frozenset(name.lower() for name in table_functions)
    closed_tables = known_tables - HARMLESS_TABLE_FUNCTIONS - {name for name, _, _ in known if name not in closed}
    return Reach(
        known_tables, frozenset(closed | closed_tables), frozenset(closed - _COLUMN_NAMES), frozenset(system_tables)
    )


def _is_closed(name: str) -> bool:
    return name in _CLOSED_FUNCTIONS or name.startswith(_CLOSED_STARTS)


def table_filters(readable: Iterable[str]) -> str:
    """Return the setting `additional_table_filters` that hides all other databases in the tables of `system`."""
    names = ", ".join(quoted(name) for name in sorted(readable))
    conditions = {table: f"{column} IN ({names})" for table, column in FILTERED_SYSTEM_TABLES.items()}
    return "{" + ", ".join(f"'system.{table}': {quoted(text)}" for table, text in conditions.items()) + "}"

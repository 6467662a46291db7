"""The syntax trees of recent SELECTs, since readers ask the same questions again with other parameters.

A tree follows from the text alone. The engines of the databases do not, so they are read each time.
"""

from collections import OrderedDict
from threading import Lock
from typing import Final

from deploy.engine.access.syntax_tree import Node, QueryRow, Syntax, read_engines, read_syntax

MOST_CHARACTERS: Final = 200_000  # of all kept statements; their trees take up to some 300 bytes for each
LONGEST: Final = 20_000


class KnownStatements:
    """Reads statements. May be used by several threads."""

    def __init__(self) -> None:
        self._trees: OrderedDict[str, Node] = OrderedDict()  # by text, the one used last at the end
        self._characters = 0
        self._lock = Lock()

    def read(self, ask: QueryRow, sql: str) -> Syntax:
        """Return the syntax of a statement. Raises what `read_syntax` raises."""
        with self._lock:
            tree = self._trees.get(sql)
            if tree is not None:
                self._trees.move_to_end(sql)
        if tree is not None:
            return Syntax(tree, read_engines(ask), selects=True)
        syntax = read_syntax(ask, sql)
        if syntax.selects and len(sql) <= LONGEST:
            self._keep(sql, syntax.tree)
        return syntax

    def _keep(self, sql: str, tree: Node) -> None:
        with self._lock:
            if sql not in self._trees:
                self._trees[sql] = tree
                self._characters += len(sql)
            while self._characters > MOST_CHARACTERS:
                forgotten, _ = self._trees.popitem(last=False)
                self._characters -= len(forgotten)

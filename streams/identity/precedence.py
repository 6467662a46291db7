"""Precedence of identifiers by namespace, from this worker's settings and not from records of other workers.

A tie always leads from a weaker to a stronger identifier. One in the other direction could make two identifiers each
other's parent, and a total sent around such a cycle would be added to itself without end.
"""

from collections.abc import Iterable, Sequence

from schemas.identifiers.identifier import identifier_in


class Precedence:
    """Compares keys `tenant|namespace:value` by the namespaces in `order`, strongest first."""

    def __init__(self, order: Sequence[str]) -> None:
        self._ranks = {namespace: rank for rank, namespace in enumerate(order)}

    def unknown_namespaces(self, keys: Iterable[str]) -> set[str]:
        """Return the namespaces of these keys that are not in the order."""
        return {_namespace(key) for key in keys} - self._ranks.keys()

    def strongest(self, keys: Sequence[str]) -> str:
        """Return a key of the strongest namespace. Raises KeyError if a namespace is unknown."""
        return min(keys, key=self._rank)

    def find_violation(self, key: str, others: Sequence[str]) -> str:
        """Return why `key` may not claim the others; '' means that it may."""
        if unknown := self.unknown_namespaces([key, *others]):
            return f"{', '.join(sorted(unknown))} is not among TOUCHLINE_IDENTIFIERS ({', '.join(self._ranks)})"
        rank = self._rank(key)
        stronger = [other for other in others if self._rank(other) <= rank]
        if stronger:
            order = ", ".join(self._ranks)
            return f"{key} cannot claim {', '.join(stronger)}: only the stronger claims, in the order {order}"
        return ""

    def _rank(self, key: str) -> int:
        return self._ranks[_namespace(key)]


def _namespace(key: str) -> str:
    return identifier_in(key)[1].partition(":")[0]

"""How strong an identifier is, as this worker's settings have it, whatever a record says that another worker wrote.

Ties run from the weaker to the stronger only. Were one taken the other way, two identifiers would each be the other's
parent, and a summary that goes round is added to itself, without end.
"""

from collections.abc import Iterable, Sequence

from schemas.identifiers.identifier import identifier_in


class Ranks:
    """Of the namespaces in `order`, strongest first. Keys are `tenant|namespace:value`."""

    def __init__(self, order: Sequence[str]) -> None:
        self._ranks = {namespace: rank for rank, namespace in enumerate(order)}

    def unknown(self, keys: Iterable[str]) -> set[str]:
        """The namespaces among them that are not in the order."""
        return {_namespace(key) for key in keys} - self._ranks.keys()

    def strongest(self, keys: Sequence[str]) -> str:
        """One of the strongest namespace. Raises KeyError where one is unknown."""
        return min(keys, key=self._rank)

    def find_against(self, key: str, others: Sequence[str]) -> str:
        """Why `key` cannot claim the others; '' if it can."""
        if unknown := self.unknown([key, *others]):
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

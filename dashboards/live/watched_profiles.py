"""Identifiers whose touches are always sent, because somebody has looked at their profile.

When more touches come than are sent, pages of one customer would miss theirs. Those who were looked at last are kept.
"""

from collections import OrderedDict
from collections.abc import Iterable
from typing import Final

MOST: Final = 5_000


class WatchedProfiles:
    """The identifiers of all tenants."""

    def __init__(self) -> None:
        self._watched: OrderedDict[tuple[str, str], None] = OrderedDict()

    def add(self, tenant: str, identifiers: Iterable[str]) -> None:
        """Watch identifiers, and forget those that were added first if they are too many."""
        for identifier in identifiers:
            self._watched[tenant, identifier] = None
            self._watched.move_to_end((tenant, identifier))
        while len(self._watched) > MOST:
            self._watched.popitem(last=False)

    def __contains__(self, profile: tuple[str, str]) -> bool:
        """Return whether an identifier, with its tenant before it, is watched."""
        return profile in self._watched

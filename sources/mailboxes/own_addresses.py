"""Own addresses: those of the organisation whose mailbox is imported. They decide the direction of a mail."""

from collections.abc import Iterable
from dataclasses import dataclass
from re import compile as pattern
from typing import Final, Self

from schemas.identifiers.email_addresses import read_email, spelling_of
from schemas.identifiers.read_outcome import Invalid

_is_domain: Final = pattern(r"[^\s@<>,;:\"()]+\.[^\s@<>,;:\"()]+").fullmatch


@dataclass(frozen=True, slots=True)
class OwnAddresses:
    """Addresses and domains that are ours, in lower case. A domain includes those below it."""

    addresses: frozenset[str]
    domains: frozenset[str]

    @classmethod
    def parse(cls, given: Iterable[str]) -> Self:
        """Return the own addresses of texts such as `ada@shop.example` and `shop.example`.

        Raises `ValueError` with a message for the user for a text that is neither, and if there is none.
        """
        addresses, domains = set(), set()
        for text in (one.strip() for one in given):
            name, _, domain = text.rpartition("@")
            if name and not isinstance(read_email(text), Invalid):
                addresses.add(spelling_of(text))
            elif not name and _is_domain(domain) and not isinstance(read_email(f"a@{domain}"), Invalid):
                # Reading it as the domain of an address gives the spelling that addresses have.
                domains.add(spelling_of(f"a@{domain}").rpartition("@")[2])
            else:
                raise ValueError(
                    f"--own {text!r} is neither an address nor a domain: give ada@shop.example or shop.example"
                )
        if not addresses and not domains:
            raise ValueError("name your own addresses or domains with --own: they decide the direction of a mail")
        return cls(frozenset(addresses), frozenset(domains))

    def has(self, spelling: str) -> bool:
        """Return whether an address is ours. `spelling`: the result of `spelling_of`."""
        if spelling in self.addresses:
            return True
        labels = spelling.rpartition("@")[2].split(".")
        return any(".".join(labels[n:]) in self.domains for n in range(len(labels)))

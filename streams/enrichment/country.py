"""The country of a touch: ISO 3166-1 alpha-2, '' if it is unknown.

A telephone number determines it by its prefix, an IP address if the operator provides a database. The database is
behind `CountryByIp`, so nothing here opens a file.
"""

from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from typing import Final, Protocol

import phonenumbers
from phonenumbers import NumberParseException

from schemas.identifiers.e164 import parsed, split_number

_CACHED: Final = 50_000


@dataclass(frozen=True, slots=True)
class EnrichFailed:
    """A failed enrichment step, with the reason. The touch is kept without its result."""

    step: str
    detail: str


class CountryByIp(Protocol):
    """A database of countries by address."""

    def country(self, ip: str) -> str | EnrichFailed:
        """Return the country of an address; '' if it is private, invalid or not in the database. Never raises."""
        ...


@lru_cache(maxsize=_CACHED)
def country_of_phone(e164: str) -> str:
    """Return the country of a number in E.164; '' for one that belongs to none (`+800…`) or is not a number.

    For a prefix that several countries share (+1, +7, +44, ..) the range of the number decides, and a number of no
    assigned range has none.
    """
    parts = split_number(e164)
    if parts and len(parts[2].regions) == 1:
        return parts[2].regions[0] if len(parts[2].regions[0]) == 2 else ""
    try:
        number = parsed(parts[0], parts[1]) if parts else phonenumbers.parse(e164, None)
    except NumberParseException:
        return ""
    country = phonenumbers.region_code_for_number(number) or _only_country(number.country_code or 0)
    return country if len(country) == 2 else ""


def _only_country(prefix: int) -> str:
    """Return the country of a prefix that only one country has, for ranges newer than the list."""
    countries = phonenumbers.COUNTRY_CODE_TO_REGION_CODE.get(prefix, ())
    return countries[0] if len(countries) == 1 else ""


def public_ip(text: str) -> str:
    """Return an address as databases have it, '' if it is invalid or only valid on its own network.

    IPv4 inside IPv6 (`::ffff:81.2.69.142`) becomes IPv4.
    """
    try:
        address = ip_address(text.strip().partition("%")[0])
    except ValueError:
        return ""
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return str(address) if address.is_global else ""

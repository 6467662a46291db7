"""Which country a touch came from: ISO 3166-1 alpha-2, '' when nothing tells.

A telephone number says it by its prefix. An IP address says it when whoever runs the pipeline brings a database;
what reads that database stands behind `CountryByIp`, so that nothing here opens a file.
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
    """A step that could not tell, and why. The touch goes on without."""

    step: str
    detail: str


class CountryByIp(Protocol):
    """A database of countries by address."""

    def country(self, ip: str) -> str | EnrichFailed:
        """The country of an address; '' for one that is private, no address, or not in the database. Never raises."""
        ...


@lru_cache(maxsize=_CACHED)
def country_of_phone(e164: str) -> str:
    """The country of a number in E.164; '' for one that belongs to none (`+800…`) or is no number. Of a prefix that
    several countries share (+1, +7, +44, ..) the number's range decides, and a number of no assigned range has
    none."""
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
    """The country of a prefix that one country alone has, for ranges younger than the list."""
    countries = phonenumbers.COUNTRY_CODE_TO_REGION_CODE.get(prefix, ())
    return countries[0] if len(countries) == 1 else ""


def public_ip(text: str) -> str:
    """An address as a database knows it, '' if it is none or only means something on its own network. IPv4 that is
    dressed as IPv6 (`::ffff:81.2.69.142`) is undressed."""
    try:
        address = ip_address(text.strip().partition("%")[0])
    except ValueError:
        return ""
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return str(address) if address.is_global else ""

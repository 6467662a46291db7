"""Countries by IP address, from a database in MaxMind's format that the operator provides.

Such as GeoLite2 Country or City, DB-IP or IPinfo.
"""

from functools import lru_cache
from pathlib import Path
from typing import Final

import maxminddb
from maxminddb.types import Record

from streams.enrichment.country import EnrichFailed, public_ip

_CACHED: Final = 50_000


class GeoipError(Exception):
    """The database cannot be used. The message is a sentence for the person who started the program."""


class GeoipDatabase:
    """A `CountryByIp` over an .mmdb file, which stays open until `close`.

    Raises GeoipError at once if the file is missing, in another format, or without countries. Later failures are
    values.
    """

    def __init__(self, path: Path) -> None:
        try:
            self._reader = maxminddb.open_database(path)
        except FileNotFoundError:
            raise GeoipError(
                f"The IP database {path} does not exist: check the path, or leave the setting empty."
            ) from None
        except (OSError, ValueError, maxminddb.InvalidDatabaseError) as error:
            raise GeoipError(
                f"The IP database {path} cannot be read ({error}): download it again; it must be an .mmdb file."
            ) from error
        kind = self._reader.metadata().database_type
        if "asn" in kind.lower():
            self._reader.close()
            raise GeoipError(
                f"The IP database {path} is of the kind {kind}, without countries: use one of countries or cities."
            )
        self.country = lru_cache(maxsize=_CACHED)(self._country)

    def _country(self, ip: str) -> str | EnrichFailed:
        address = public_ip(ip)
        if not address or (":" in address and self._reader.metadata().ip_version == 4):
            return ""
        try:
            record = self._reader.get(address)
        except (OSError, ValueError, UnicodeDecodeError, maxminddb.InvalidDatabaseError) as error:
            return EnrichFailed("country", f"the IP database failed on {address}: {error}")
        return _country_of(record)

    def close(self) -> None:
        """Close the file. Addresses that are not cached give `EnrichFailed` afterwards."""
        self._reader.close()


def _country_of(record: Record | None) -> str:
    """Return the country of a record: MaxMind's `country.iso_code`, or `country` or `country_code` of other makers.

    Without a country of its own, a MaxMind record has that of its registration.
    """
    if not isinstance(record, dict):
        return ""
    for field in ("country", "country_code", "registered_country"):
        found = record.get(field)
        code = found.get("iso_code") if isinstance(found, dict) else found
        if isinstance(code, str) and len(code) == 2:
            return code.upper()
    return ""

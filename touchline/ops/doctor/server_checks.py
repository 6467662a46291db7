"""Checks of the collector and the API of a running `touchline up`."""

from touchline.ops.doctor.findings import CheckError, SkippedCheckError
from touchline.ops.server_check import ServerState, read_api, read_collector
from touchline.settings import Settings


def check_collector(settings: Settings) -> str:
    """Check that the collector accepts touches. Raises CheckError, and SkippedCheckError if none is known."""
    return _address_of(read_collector(settings))


def check_api(settings: Settings) -> str:
    """Check that the API answers questions. Raises CheckError, and SkippedCheckError if none is known."""
    return _address_of(read_api(settings))


def _address_of(found: ServerState | None) -> str:
    if found is None:
        raise SkippedCheckError("no address is known: `touchline up` runs one")
    if found.trouble:
        raise CheckError(found.trouble)
    return found.address

"""Check of the collector of a running `touchline up`."""

from touchline.ops.collector_check import read_collector
from touchline.ops.doctor.findings import CheckError, SkippedCheckError
from touchline.settings import Settings


def check_collector(settings: Settings) -> str:
    """Check that the collector accepts touches. Raises CheckError, and SkippedCheckError if none is known."""
    found = read_collector(settings)
    if found is None:
        raise SkippedCheckError("no address is known: `touchline up` runs one")
    if found.trouble:
        raise CheckError(found.trouble)
    return found.address

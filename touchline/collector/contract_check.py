"""The contract's check of a touch, as intake makes it, for the collector.

`sources` does not know the stages, so the collector is given this function.
"""

from typing import Final

from schemas.rejected import Rejected
from sources.collector.services import ContractCheck
from streams.enrichment.pipeline import Lookups
from streams.intake.decoder import IntakeConfig, accept
from streams.quarantine import RawRecord
from touchline.settings import Settings
from touchline.worker.rules_file import read_rules

_NOWHERE: Final = "collector"  # in place of a topic: the check does not depend on where a record is


def contract_check(settings: Settings) -> ContractCheck:
    """Return the check of intake with these settings. Raises CliError if the rules cannot be read."""
    config = IntakeConfig(
        rules=read_rules(settings.rules),
        order=settings.identifiers,
        region=settings.phone_region,
        retention_ms=settings.retention_ms,
        largest_bytes=settings.largest_kb * 1024,
        lookups=Lookups(),
    )

    def check(channel: str, value: bytes) -> Rejected | None:
        result = accept(RawRecord(channel, _NOWHERE, 0, 0, 0, value), config)
        return result if isinstance(result, Rejected) else None

    return check

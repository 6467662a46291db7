"""The tokens of the query API as Kafka has them: entries of the compacted topic `api-tokens` by their SHA-256."""

from typing import Final

from dashboards.api.security.tokens import ApiToken
from sources.collector.keys.directory import TopicDirectory
from sources.collector.keys.entry_layout import EntryLayout

PREFIX: Final = "tla_"
API_TOKENS: Final = EntryLayout(ApiToken, "API token", "touchline token", PREFIX)


class TopicTokens(TopicDirectory[ApiToken]):
    """A TokenDirectory that follows the topic while it is open: a revoked token is refused within milliseconds."""

    def __init__(self, kafka: str, topic: str) -> None:
        super().__init__(kafka, topic, API_TOKENS)

    def find_id(self, token_id: str) -> ApiToken | None:
        """Return the entry with an id; None if it is unknown or revoked."""
        found = (one for one in self.entries().values() if one.token_id == token_id and not one.revoked)
        return next(found, None)

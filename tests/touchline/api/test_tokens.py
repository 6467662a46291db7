"""Tokens from a real topic: found while they are valid, by themselves and by their ids."""

import msgspec
from kafka import KafkaAdminClient
from kafka.admin import NewTopic

from dashboards.api.security.tokens import ApiToken
from sources.collector.keys.key_format import hash_key, new_key
from sources.collector.keys.topic import write_entry
from tests.dashboards.api.waiting import until
from touchline.api.tokens import API_TOKENS, PREFIX, TopicTokens


async def test_a_token_is_found_until_it_is_revoked(kafka: str) -> None:
    topic, token = "tokens-found", new_key(PREFIX)
    admin = KafkaAdminClient(bootstrap_servers=kafka)
    admin.create_topics([NewTopic(topic, 1, 1)])
    admin.close()
    entry = ApiToken("t1", "wall", "dashboard", "main", 1)
    await write_entry(kafka, topic, API_TOKENS, hash_key(token), entry)
    async with TopicTokens(kafka, topic) as tokens:
        await tokens.wait_ready()
        assert tokens.find(token) == tokens.find_id("t1") == entry
        assert tokens.find(new_key(PREFIX)) is None
        await write_entry(kafka, topic, API_TOKENS, hash_key(token), msgspec.structs.replace(entry, revoked=True))
        await until(lambda: tokens.find(token) is None)
        assert tokens.find_id("t1") is None

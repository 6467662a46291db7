"""API tokens are created, listed and revoked on a real Kafka; only their hashes are stored."""

import asyncio
import uuid
from typing import cast

import pytest

from dashboards.api.security.roles import Role
from sources.collector.keys.key_format import hash_key
from tests.streams.cluster import read_records
from touchline.api.tokens import PREFIX
from touchline.errors import CliError
from touchline.ops.api_tokens import create_token, list_tokens, revoke_token
from touchline.settings import Settings, read_settings
from touchline.worker.stages import topics_of

NOW_MS = 1_764_547_200_000


@pytest.fixture
def settings(kafka: str) -> Settings:
    return read_settings(kafka=kafka, topic_prefix=f"tokens-{uuid.uuid4().hex[:8]}.")


def test_the_token_itself_is_not_stored(settings: Settings) -> None:
    token, entry = create_token(settings, " wall ", "dashboard", "acme", NOW_MS)
    assert (entry.name, entry.role, entry.tenant, entry.created_at_ms) == ("wall", "dashboard", "acme", NOW_MS)
    assert revoke_token(settings, token).revoked
    assert [one.token_id for one in list_tokens(settings)] == [entry.token_id]
    records = asyncio.run(read_records(settings.kafka, topics_of(settings).api_tokens))
    assert [record.key for record in records] == [hash_key(token)] * 2
    secret = token.removeprefix(PREFIX).encode()
    assert not any(secret in record.value or secret in record.key for record in records)


@pytest.mark.parametrize(("name", "role"), [("", "admin"), ("a\nb", "admin"), ("a" * 201, "admin"), ("a", "owner")])
def test_a_wrong_request_is_one_sentence(name: str, role: str) -> None:
    with pytest.raises(CliError) as refused:
        create_token(read_settings(), name, cast("Role", role), "main", NOW_MS)
    assert refused.value.code == 2

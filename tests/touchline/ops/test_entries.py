"""Entries that are named by an id or by their secret; what they hold is tested with write keys and API tokens."""

import uuid

import pytest

from touchline.api.tokens import API_TOKENS
from touchline.errors import CliError
from touchline.ops.api_tokens import create_token
from touchline.ops.entries import list_entries, revoke_entry
from touchline.settings import read_settings
from touchline.worker.stages import topics_of


def test_entries_by_id_and_by_secret(kafka: str) -> None:
    settings = read_settings(kafka=kafka, topic_prefix=f"entries-{uuid.uuid4().hex[:8]}.")
    topic = topics_of(settings).api_tokens
    assert list_entries(settings, topic, API_TOKENS) == []
    one, later = create_token(settings, "a", "admin", "main", 2)
    two, earlier = create_token(settings, "b", "admin", "main", 1)
    assert list_entries(settings, topic, API_TOKENS) == [earlier, later]
    assert revoke_entry(settings, topic, API_TOKENS, one).revoked
    assert revoke_entry(settings, topic, API_TOKENS, earlier.token_id).revoked
    assert revoke_entry(settings, topic, API_TOKENS, two).revoked, "to revoke again changes nothing"
    with pytest.raises(CliError, match="There is no entry for a token with the id 'nothing'"):
        revoke_entry(settings, topic, API_TOKENS, "nothing")

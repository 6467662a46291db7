"""Write keys are created, listed and revoked on a real Kafka; only their hashes are stored."""

import asyncio
import uuid

import pytest

from schemas.channels import CHANNELS
from sources.collector.keys.entry_layout import WRITE_KEYS
from sources.collector.keys.key_format import hash_key, is_well_formed, key_id_of, new_key
from sources.collector.keys.topic import read_table
from tests.streams.cluster import read_records
from touchline.errors import CliError
from touchline.ops.write_keys import KeyRequest, create_key, list_keys, make_entry, revoke_key
from touchline.settings import Settings, read_settings
from touchline.worker.stages import topics_of

NOW_MS = 1_764_547_200_000
HASH = hash_key("tl_")
SHOP = KeyRequest("shop", "acme", ("visits",), ("https://Shop.example.org:443/", "*.example.org"), 50)


@pytest.fixture
def settings(kafka: str) -> Settings:
    return read_settings(kafka=kafka, topic_prefix=f"keys-{uuid.uuid4().hex[:8]}.")


def test_a_request_becomes_an_entry_in_normal_form() -> None:
    entry = make_entry(SHOP, HASH, NOW_MS)
    assert (entry.tenant, entry.source, entry.channels, entry.rate_per_s) == ("acme", "shop", ("visits",), 50)
    assert entry.origins == ("https://shop.example.org", "*.example.org")
    assert (entry.key_id, entry.created_at_ms, entry.revoked) == (key_id_of(HASH), NOW_MS, False)


@pytest.mark.parametrize(
    ("request_", "sentence"),
    [
        (KeyRequest(" "), "--source ' ': give 1 to 200 printable characters."),
        (KeyRequest("a" * 201), "give 1 to 200 printable characters."),
        (KeyRequest("a\nb"), "give 1 to 200 printable characters."),
        (KeyRequest("shop", "A|B"), "--tenant 'A|B' is not a tenant"),
        (KeyRequest("shop", channels=("letters",)), "--channel 'letters': the channels are visits,"),
        (KeyRequest("shop", origins=("shop.example.org",)), "--origin 'shop.example.org' is not an origin: write it"),
        (KeyRequest("shop", rate_per_s=-1), "--rate is a number of touches a second"),
    ],
)
def test_a_wrong_request_is_one_sentence(request_: KeyRequest, sentence: str) -> None:
    with pytest.raises(CliError) as refused:
        make_entry(request_, HASH, NOW_MS)
    assert sentence in str(refused.value)
    assert refused.value.code == 2


def test_keys_are_created_listed_and_revoked(settings: Settings) -> None:
    """The first key creates the topics, since no worker has run on this Kafka yet."""
    assert list_keys(settings) == []
    key, entry = create_key(settings, SHOP, NOW_MS)
    other, other_entry = create_key(settings, KeyRequest("app", channels=tuple(CHANNELS)), NOW_MS + 1)
    assert is_well_formed(key)
    assert list_keys(settings) == [entry, other_entry]
    assert revoke_key(settings, entry.key_id).revoked
    assert revoke_key(settings, other).revoked
    assert [one.revoked for one in list_keys(settings)] == [True, True]
    assert revoke_key(settings, key) == revoke_key(settings, entry.key_id), "to revoke a key again changes nothing"
    table = asyncio.run(read_table(settings.kafka, topics_of(settings).write_keys, WRITE_KEYS))
    assert table.find(key) is None


def test_the_key_itself_is_not_stored(settings: Settings) -> None:
    key, entry = create_key(settings, SHOP, NOW_MS)
    revoke_key(settings, key)
    records = asyncio.run(read_records(settings.kafka, topics_of(settings).write_keys))
    assert [record.key for record in records] == [hash_key(key)] * 2
    secret = key.removeprefix("tl_").encode()
    assert not any(secret in record.value or secret in record.key for record in records)
    assert entry.key_id not in key


def test_a_key_that_clients_have_already_is_taken_once(settings: Settings) -> None:
    request = KeyRequest("shop", existing="Zk3writeKeyOfAnotherProduct")
    key, entry = create_key(settings, request, NOW_MS)
    assert key == request.existing
    table = asyncio.run(read_table(settings.kafka, topics_of(settings).write_keys, WRITE_KEYS))
    assert table.find(key) == entry
    with pytest.raises(CliError, match=f"The key {entry.key_id} of source shop exists already: create another one"):
        create_key(settings, request, NOW_MS)
    revoke_key(settings, key)
    with pytest.raises(CliError, match="of source shop was revoked, which cannot be undone"):
        create_key(settings, request, NOW_MS)


@pytest.mark.parametrize(
    "existing", ["short", "a" * 201, "with space", "with:colon", "schlüssel", "line\nbreak", "\x7f" * 9]
)
def test_a_text_that_clients_could_not_send_is_no_key(existing: str) -> None:
    with pytest.raises(CliError, match="--existing: a key has 8 to 200 letters") as refused:
        create_key(read_settings(), KeyRequest("shop", existing=existing), NOW_MS)
    assert existing not in str(refused.value)


@pytest.mark.parametrize(
    ("named", "sentence", "code"),
    [
        (new_key(), "There is no entry for this key: `touchline key list` shows all keys.", 1),
        ("unknown", "There is no entry for a key with the id 'unknown'", 1),
        ("", "There is no entry for a key with the id ''", 1),
        (new_key()[:-1], "a character of it is wrong or missing", 2),
    ],
    ids=["key", "id", "nothing", "cut key"],  # keys differ in each process, and a run's processes must name tests alike
)
def test_a_key_that_does_not_exist_is_one_sentence(settings: Settings, named: str, sentence: str, code: int) -> None:
    with pytest.raises(CliError) as refused:
        revoke_key(settings, named)
    assert sentence in str(refused.value)
    assert refused.value.code == code
    assert not named.startswith("tl_") or named not in str(refused.value), "errors do not show keys"


def test_a_kafka_that_does_not_answer_is_an_error() -> None:
    with pytest.raises(CliError, match="No Kafka: start `touchline up`"):
        list_keys(read_settings())

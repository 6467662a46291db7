"""`touchline key`: what is printed, as text and as JSON."""

import json
import uuid

import pytest

from sources.collector.keys.key_format import is_well_formed
from tests.touchline.cli.running import NOT_WORKING, WRONG_USE, run
from touchline.errors import CliError


@pytest.fixture
def site(kafka: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A Kafka without any topic of this test."""
    monkeypatch.setenv("TOUCHLINE_KAFKA", kafka)
    monkeypatch.setenv("TOUCHLINE_TOPIC_PREFIX", f"keys-{uuid.uuid4().hex[:8]}.")


@pytest.mark.usefixtures("site")
def test_a_key_is_printed_once_and_then_listed_by_its_id() -> None:
    done = run("key", "create", "--source", "shop", "--json", "--origin", "*.example.org", "--rate", "9")
    made = json.loads(done.stdout)
    assert is_well_formed(made.pop("key"))
    assert (made["source"], made["tenant"], made["rate_per_s"], made["revoked"]) == ("shop", "main", 9, False)
    assert json.loads(run("key", "list", "--json").stdout) == [made]
    listed = run("key", "list").stdout
    assert made["key_id"] in listed
    assert "revoked" not in listed
    assert json.loads(run("key", "revoke", made["key_id"], "--json").stdout) == made | {"revoked": True}
    assert "revoked" in run("key", "list").stdout


@pytest.mark.usefixtures("site")
def test_standard_output_has_only_the_key() -> None:
    assert "No write keys" in run("key", "list").stdout
    done = run("key", "create", "--source", "shop")
    assert is_well_formed(done.stdout.removesuffix("\n"))
    assert "it is not shown again" in done.stderr
    assert done.stdout.strip() not in done.stderr
    assert "is revoked." in run("key", "revoke", done.stdout.strip()).stdout


@pytest.mark.parametrize(
    ("line", "sentence", "code"),
    [
        ("key create --source shop", "No Kafka: start `touchline up`", NOT_WORKING),
        ("key list", "No Kafka: start `touchline up`", NOT_WORKING),
        ("key revoke k1", "No Kafka: start `touchline up`", NOT_WORKING),
        ("key revoke tl_abc", "This is no write key", WRONG_USE),
        ("key create --source shop --origin shop", "--origin 'shop' is not an origin", WRONG_USE),
    ],
)
def test_errors_are_sentences(line: str, sentence: str, code: int) -> None:
    error = run(*line.split()).exception
    assert isinstance(error, CliError), error
    assert sentence in str(error)
    assert error.code == code


@pytest.mark.parametrize(
    "line",
    [
        "key create",
        "key create --source shop --channel letters",
        "key create --source shop --rate -1",
        "key create --source shop --tenant A|B",
        "key revoke",
    ],
)
def test_usage_errors_have_exit_code_2(line: str) -> None:
    assert run(*line.split()).exit_code == WRONG_USE

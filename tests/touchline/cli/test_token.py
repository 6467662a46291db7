"""`touchline token`: what is printed, as text and as JSON."""

import json
import uuid

import pytest

from sources.collector.keys.key_format import is_well_formed
from tests.touchline.cli.running import NOT_WORKING, WRONG_USE, run
from touchline.api.tokens import PREFIX
from touchline.errors import CliError


@pytest.fixture
def site(kafka: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A Kafka without any topic of this test."""
    monkeypatch.setenv("TOUCHLINE_KAFKA", kafka)
    monkeypatch.setenv("TOUCHLINE_TOPIC_PREFIX", f"tokens-{uuid.uuid4().hex[:8]}.")


@pytest.mark.usefixtures("site")
def test_a_token_is_printed_once_and_then_listed_by_its_id() -> None:
    assert "No tokens" in run("token", "list").stdout
    made = json.loads(run("token", "create", "--name", "wall", "--role", "dashboard", "--json").stdout)
    assert is_well_formed(made.pop("token"), PREFIX)
    assert (made["name"], made["role"], made["tenant"], made["revoked"]) == ("wall", "dashboard", "main", False)
    assert json.loads(run("token", "list", "--json").stdout) == [made]
    done = run("token", "create", "--name", "crm", "--role", "support")
    assert is_well_formed(done.stdout.removesuffix("\n"), PREFIX)
    assert done.stdout.strip() not in done.stderr
    assert "is revoked." in run("token", "revoke", done.stdout.strip()).stdout
    assert json.loads(run("token", "revoke", made["token_id"], "--json").stdout) == made | {"revoked": True}
    assert run("token", "list").stdout.count("revoked") == 2


@pytest.mark.parametrize(
    ("line", "sentence", "code"),
    [
        ("token create --name a --role admin", "No Kafka: start `touchline up`", NOT_WORKING),
        ("token list", "No Kafka: start `touchline up`", NOT_WORKING),
        ("token revoke tla_abc", "This is no API token", WRONG_USE),
    ],
)
def test_errors_are_sentences(line: str, sentence: str, code: int) -> None:
    error = run(*line.split()).exception
    assert isinstance(error, CliError), error
    assert sentence in str(error)
    assert error.code == code


@pytest.mark.parametrize("line", ["token create", "token create --name a --role owner", "token revoke"])
def test_usage_errors_have_exit_code_2(line: str) -> None:
    assert run(*line.split()).exit_code == WRONG_USE

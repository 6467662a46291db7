"""Errors of `touchline rebuild`."""

import pytest
from click.testing import CliRunner

from touchline.cli.rebuild import rebuild
from touchline.errors import CliError


def refusal(*words: str) -> CliError:
    """Return the error that ends the command."""
    error = CliRunner().invoke(rebuild, list(words)).exception
    assert isinstance(error, CliError), error
    return error


@pytest.mark.parametrize(
    ("since", "why"),
    [
        ("yesterday", "is not a time such as 2026-01-31T09:30:00Z."),
        ("", "is not a time such as"),
        ("1790000000000", "is not a time such as"),
        ("2026-02-30T00:00:00Z", "is not a time such as"),
        ("2026-01-31T25:00:00Z", "is not a time such as"),
        ("2026-01-31", "needs a time zone: add Z for UTC."),
        ("2026-01-31T09:30:00", "needs a time zone"),
        ("2999-01-01T00:00:00Z", "is in the future"),
        ("2999-01-01T00:00:00+02:00", "is in the future"),
    ],
)
def test_wrong_time_is_one_sentence(since: str, why: str) -> None:
    error = refusal("--yes", "--since", since)
    assert error.code == 2
    assert str(error).startswith("--since ")
    assert why in str(error)


def test_unknown_table_is_a_usage_error() -> None:
    done = CliRunner().invoke(rebuild, ["--yes", "--table", "visits"])
    assert done.exit_code == 2
    assert "touches_by_minute" in done.output


def test_rebuild_without_a_terminal_needs_yes() -> None:
    error = refusal()
    assert error.code == 2
    assert "add --yes, or --dry-run" in str(error)


@pytest.mark.parametrize(
    ("kafka", "code", "sentence"),
    [
        ("", 78, "No Kafka: start `touchline up` on "),
        (
            "127.0.0.1:1",
            1,
            "Kafka at 127.0.0.1:1 did not answer (KafkaConnectionError): `touchline up`",
        ),
    ],
)
def test_unreachable_kafka_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, kafka: str, code: int, sentence: str
) -> None:
    monkeypatch.setenv("TOUCHLINE_KAFKA", kafka)
    error = refusal("--yes")
    assert error.code == code
    assert str(error).startswith(sentence)


@pytest.mark.parametrize(
    ("clickhouse", "code", "sentence"),
    [
        ("", 78, "No ClickHouse: start `touchline up` on "),
        ("127.0.0.1:8123", 78, "TOUCHLINE_CLICKHOUSE: a ClickHouse address begins with http"),
        ("http://u:secret@127.0.0.1:1/t", 1, "ClickHouse at 127.0.0.1:1 cannot be reached: `touchline up`"),
    ],
)
def test_unreachable_clickhouse_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, kafka: str, clickhouse: str, code: int, sentence: str
) -> None:
    monkeypatch.setenv("TOUCHLINE_KAFKA", kafka)
    monkeypatch.setenv("TOUCHLINE_CLICKHOUSE", clickhouse)
    error = refusal("--yes")
    assert error.code == code
    assert str(error).startswith(sentence)
    assert "secret" not in str(error)

"""Settings from the environment and from the command line."""

from pathlib import Path

import pytest

from schemas.identifiers.identifier import ORDER
from touchline.settings import PREFIX, Settings, SettingsError, read_settings


def test_defaults_suit_one_machine_without_addresses() -> None:
    settings = read_settings()
    assert (settings.kafka, settings.clickhouse, settings.topic_prefix, settings.group) == ("", "", "", "touchline")
    assert settings.identifiers == ORDER
    assert settings.window_ms == 35 * 86_400_000
    assert settings.retention_ms == int(36 * 30.44 * 86_400_000)


def test_default_folder_is_in_the_home_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TOUCHLINE_DATA")
    assert read_settings().folder == Path.home() / ".touchline"


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("KAFKA", "a:9092,b:9092", "a:9092,b:9092"),
        ("DATA", "~/elsewhere", Path("~/elsewhere")),
        ("RULES", "mine.toml", Path("mine.toml")),
        ("IDENTIFIERS", "customer_id, crm ,email", ("customer_id", "crm", "email")),
        ("PHONE_REGION", "DE", "DE"),
        ("VISITOR_BY", "ever", "ever"),
        ("DEDUPE_WINDOW_H", "72", 72),
        ("METRICS_HOST", "0.0.0.0", "0.0.0.0"),
        ("METRICS_PORT", "0", 0),
        ("INSTANCE", "worker-1.example", "worker-1.example"),
    ],
)
def test_settings_are_read_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, name: str, text: str, value: object
) -> None:
    monkeypatch.setenv(f"{PREFIX}{name}", text)
    assert getattr(read_settings(), name.lower()) == value


def test_command_line_overrides_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TOUCHLINE_GROUP", "from-environment")
    assert read_settings(group="given").group == "given"
    assert read_settings(group=None).group == "from-environment"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("RAW_PARTITIONS", "none"),
        ("RAW_PARTITIONS", "0"),
        ("ACTIVITY_PARTITIONS", "1001"),
        ("REPLICATION", "10"),
        ("GROUP", "Has Spaces"),
        ("IDENTIFIERS", ""),
        ("IDENTIFIERS", "email,Customer"),
        ("IDENTIFIERS", "email,phone,email"),
        ("TOPIC_PREFIX", "a/b"),
        ("INSTANCE", "a b"),
        ("PHONE_REGION", "Germany"),
        ("VISITOR_BY", "week"),
        ("DEDUPE_WINDOW_H", "47"),
        ("RETENTION_MONTHS", "0"),
        ("TIMELINE_PARTITIONS", "65"),
        ("LARGEST_KB", "1025"),
        ("BATCH_RECORDS", "0"),
        ("LINGER_MS", "-1"),
        ("METRICS_HOST", "example.org"),
        ("METRICS_PORT", "65536"),
        ("COLLECT_PORT", "65536"),
        ("COLLECT_PROXIES", "10.0.0.1/8"),
        ("LINKS", "0"),
        ("TARGETS", "0"),
        ("RAW_RETENTION_DAYS", "0"),
    ],
)
def test_error_names_the_variable_with_its_value(monkeypatch: pytest.MonkeyPatch, name: str, text: str) -> None:
    monkeypatch.setenv(f"{PREFIX}{name}", text)
    with pytest.raises(SettingsError) as refused:
        read_settings()
    (line,) = str(refused.value).splitlines()
    assert line.startswith(f"{PREFIX}{name}={text!r}: ")


def test_error_lists_all_wrong_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = {"RAW_PARTITIONS": "x", "PHONE_REGION": "Atlantis", "METRICS_PORT": "-1", "GROUP": ""}
    for name, text in wrong.items():
        monkeypatch.setenv(f"{PREFIX}{name}", text)
    with pytest.raises(SettingsError) as refused:
        read_settings()
    assert {line.partition("=")[0] for line in str(refused.value).splitlines()} == {f"{PREFIX}{name}" for name in wrong}


def test_settings_are_immutable() -> None:
    with pytest.raises(ValueError, match="frozen"):
        read_settings().group = "other"  # type: ignore[misc]


def test_every_setting_has_a_default() -> None:
    assert not [name for name, field in Settings.model_fields.items() if field.is_required()]
